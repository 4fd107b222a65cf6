// How each channel is written on: length, mark-up, emoji, buttons, typing and reply window. Facts about channels only (by
// Chatwoot's documentation and source, 2026); what a company likes comes from its own style.
import type { ChannelKey } from '../../message.ts';
import { smsLength } from './sms-length.ts';

/**
 * `markdown`: Chatwoot converts it for the channel. `whatsapp`: an API inbox passes everything on as it is, and a WhatsApp
 * gateway behind it wants WhatsApp's own marks. `plain`: marks would be seen as such.
 */
export type MarkUp = 'markdown' | 'whatsapp' | 'plain';

export interface Buttons {
  /** More than this becomes a list, or is refused. */
  max: number;
  titleCharacters: number;
  /** A text with buttons may be shorter than one without. */
  textCharacters: number;
}

export interface ChannelProfile {
  /** What the channel takes in one message, in characters. */
  maxCharacters: number;
  /** How much of `maxCharacters` a text uses up; absent = its length. */
  lengthOf?: (text: string) => number;
  markUp: MarkUp;
  /** Links keep their label; elsewhere the address is written out. */
  hasLinkLabels: boolean;
  hasEmoji: boolean;
  buttons: Buttons | null;
  /** Somebody sees it when we say that we type. */
  showsTyping: boolean;
  /** How long after the customer's last message we may write, in hours; null = always. */
  replyWindowHours: number | null;
  /** Told to the model. */
  style: string;
}

const dayOfReply = { replyWindowHours: 24 };
const noButtons = { buttons: null };
const marksSeen = { markUp: 'plain', hasLinkLabels: false } as const;
const marksKept = { markUp: 'markdown', hasLinkLabels: false } as const;
const lightMarks = 'bold with **, lists with "- ", never headings or tables';
const noMarks = 'no formatting marks';

const profiles: Record<ChannelKey, ChannelProfile> = {
  whatsapp: {
    // Twilio's limit, the smallest of the three ways Chatwoot has to WhatsApp.
    maxCharacters: 1600,
    ...marksKept,
    ...dayOfReply,
    hasEmoji: true,
    buttons: { max: 3, titleCharacters: 20, textCharacters: 1024 },
    showsTyping: false,
    style: `WhatsApp: short sentences, friendly, at most three short paragraphs; ${lightMarks}`,
  },
  instagram: {
    maxCharacters: 1000,
    ...marksSeen,
    ...dayOfReply,
    ...noButtons,
    hasEmoji: true,
    showsTyping: false,
    style: `Instagram direct: very short and warm; ${noMarks}`,
  },
  facebook: {
    maxCharacters: 2000,
    ...marksSeen,
    ...dayOfReply,
    hasEmoji: true,
    buttons: { max: 11, titleCharacters: 20, textCharacters: 2000 },
    showsTyping: false,
    style: `Messenger: short and friendly; ${noMarks}`,
  },
  email: {
    maxCharacters: 25_000,
    markUp: 'markdown',
    hasLinkLabels: true,
    ...noButtons,
    hasEmoji: true,
    showsTyping: false,
    replyWindowHours: null,
    style: `E-mail: complete sentences, a greeting and a closing line; ${lightMarks}`,
  },
  web: {
    maxCharacters: 10_000,
    markUp: 'markdown',
    hasLinkLabels: true,
    hasEmoji: true,
    buttons: { max: 10, titleCharacters: 60, textCharacters: 10_000 },
    showsTyping: true,
    replyWindowHours: null,
    style: `Web chat: direct, at most two short paragraphs; ${lightMarks}`,
  },
  telegram: {
    maxCharacters: 4096,
    markUp: 'markdown',
    hasLinkLabels: true,
    hasEmoji: true,
    buttons: { max: 10, titleCharacters: 40, textCharacters: 4096 },
    showsTyping: false,
    replyWindowHours: null,
    style: `Telegram: short and friendly; ${lightMarks}`,
  },
  sms: {
    maxCharacters: 306,
    lengthOf: smsLength,
    ...marksSeen,
    ...noButtons,
    hasEmoji: false,
    showsTyping: false,
    replyWindowHours: null,
    style: `SMS: one sentence, no emoji; ${noMarks}`,
  },
  marketplace: {
    maxCharacters: 2000,
    ...marksSeen,
    ...noButtons,
    hasEmoji: true,
    showsTyping: true,
    replyWindowHours: null,
    style: `Marketplace questions: polite, objective, no links and no contact data; ${noMarks}`,
  },
  default: {
    maxCharacters: 1000,
    ...marksSeen,
    ...noButtons,
    hasEmoji: true,
    showsTyping: false,
    replyWindowHours: null,
    style: `Short, friendly and clear; ${noMarks}`,
  },
};

/** WhatsApp through a gateway (Evolution, WAHA and the like): no window and no buttons, and the marks are ours to write. */
const whatsappGateway: ChannelProfile = {
  ...profiles.whatsapp,
  maxCharacters: 4096,
  markUp: 'whatsapp',
  buttons: null,
  showsTyping: true,
  replyWindowHours: null,
};

/** `isRaw`: an API inbox, which passes our words on as they are. */
export function profileFor(channel: ChannelKey, isRaw = false): ChannelProfile {
  return channel === 'whatsapp' && isRaw ? whatsappGateway : profiles[channel];
}

/** False when the window is over by our own reckoning, so that a look at the live conversation is worth more than a draft. */
export function isWindowOpen(profile: ChannelProfile, customerWroteMs: number, nowMs: number): boolean {
  return profile.replyWindowHours === null || nowMs - customerWroteMs < profile.replyWindowHours * 3_600_000;
}
