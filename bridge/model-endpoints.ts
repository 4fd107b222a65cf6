// Which endpoint and which models a tenant's conversations use: its own, else the installation's, else none. An ability
// exists where a model is named for it, or where the endpoint is OpenAI's own.
import { HttpMediaDownload } from './adapters/media/http-media-download.ts';
import { OpenAiChatModel } from './adapters/openai/chat-model.ts';
import type { EndpointHabits } from './adapters/openai/endpoint-habits.ts';
import { OpenAiImageReader } from './adapters/openai/image-reader.ts';
import { OpenAiTranscriber } from './adapters/openai/transcriber.ts';
import { openAiModels } from './config/settings.ts';
import type { Settings } from './config/settings.ts';
import type { MediaReaders } from './core/hub/tenant-clients.ts';
import type { AtMost } from './core/media/at-most.ts';
import type { ChatModel } from './core/ports/chat-model.ts';
import type { Tenant } from './core/tenant.ts';

export interface ModelEndpoint {
  apiKey: string | null;
  baseUrl: string | null;
  chat: string;
  transcription: string | null;
  vision: string | null;
}

/** One call to hear a voice note, one to see a picture; both are tried twice inside the time a turn gives them. */
const hearingTimeoutMs = 5_000;
const seeingTimeoutMs = 15_000;

/** `field` reads a text field of the tenant's own model credential; null when it is not set. */
export function modelEndpointOf(
  settings: Readonly<Settings>,
  field: (name: string) => string | null,
): ModelEndpoint | null {
  const { openai, llmModel, transcriptionModel, visionModel } = settings;
  const [apiKey, baseUrl] = [field('api_key'), field('base_url')];
  if (apiKey === null && baseUrl === null) {
    return openai && { ...openai, chat: llmModel, transcription: transcriptionModel, vision: visionModel };
  }
  const isOpenAi = baseUrl === null;
  return {
    apiKey,
    baseUrl,
    chat: field('model') ?? llmModel,
    transcription: field('transcription_model') ?? (isOpenAi ? openAiModels.transcription : null),
    vision: field('vision_model') ?? (isOpenAi ? openAiModels.vision : null),
  };
}

export function chatModelAt(
  endpoint: ModelEndpoint | null,
  timeoutMs: number,
  habits: EndpointHabits,
): ChatModel | null {
  return endpoint && new OpenAiChatModel({ ...access(endpoint), model: endpoint.chat, timeoutMs, habits });
}

export function mediaReadersAt(
  endpoint: ModelEndpoint | null,
  tenant: Tenant,
  places: AtMost,
  habits: EndpointHabits,
): MediaReaders | null {
  if (!endpoint || (endpoint.transcription === null && endpoint.vision === null)) return null;
  const { transcription, vision } = endpoint;
  const { chatwoot } = tenant.config.integrations;
  const trusted = [...(chatwoot ? [chatwoot.base_url] : []), ...tenant.config.media.storage_urls];
  return {
    download: new HttpMediaDownload(trusted),
    transcriber:
      transcription === null
        ? null
        : new OpenAiTranscriber({ ...access(endpoint), model: transcription, timeoutMs: hearingTimeoutMs }),
    images:
      vision === null
        ? null
        : new OpenAiImageReader({ ...access(endpoint), model: vision, timeoutMs: seeingTimeoutMs, habits }),
    places,
  };
}

/** Local endpoints want no key, the package wants some text. */
function access({ apiKey, baseUrl }: ModelEndpoint): { apiKey: string; baseUrl: string | null } {
  return { apiKey: apiKey ?? 'none', baseUrl };
}
