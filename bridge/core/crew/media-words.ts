// Files in words, in the language of the conversation: how what was heard and seen stands in the window and in the prompt
// (always marked, so that nobody takes a machine's ears for the customer's own writing), and how we say what stayed unread.
import type { Language } from '../language.ts';
import { hasWords } from '../media/readable-files.ts';
import type { Attachment } from '../message.ts';

export type FileKind = Attachment['kind'];
type Group = 'voice' | 'picture' | 'video' | 'file';

interface MediaWords {
  voice: (words: string) => string;
  picture: (words: string) => string;
  place: (words: string) => string;
  contact: (words: string) => string;
  link: (words: string) => string;
  unread: Record<Group, string>;
  /** "see the picture", "see 3 pictures" */
  could: Record<Group, (count: number) => string>;
  couldNot: (list: string) => string;
  /** Between the last two of a list that is denied. */
  nor: string;
  /** When the customer said nothing else. */
  askForText: Record<Group, string>;
}

const mediaWords: Record<Language, MediaWords> = {
  pt: {
    voice: (words) => `[mensagem de voz] ${words}`,
    picture: (words) => `[imagem: ${words}]`,
    place: (words) => `[localização: ${words}]`,
    contact: (words) => `[contato: ${words}]`,
    link: (words) => `[link: ${words}]`,
    unread: {
      voice: '[mensagem de voz que não pôde ser ouvida]',
      picture: '[imagem que não pôde ser vista]',
      video: '[vídeo que não pôde ser visto]',
      file: '[arquivo que não pôde ser aberto]',
    },
    could: {
      voice: (count) => (count === 1 ? 'ouvir o áudio' : `ouvir ${count} áudios`),
      picture: (count) => (count === 1 ? 'ver a imagem' : `ver ${count} imagens`),
      video: (count) => (count === 1 ? 'ver o vídeo' : `ver ${count} vídeos`),
      file: (count) => (count === 1 ? 'abrir o arquivo' : `abrir ${count} arquivos`),
    },
    couldNot: (list) => `Não consegui ${list} que você mandou. Se for importante, me conte por escrito.`,
    nor: ' nem ',
    askForText: {
      voice:
        'Recebi seu áudio, mas não consegui ouvir por aqui. Pode me escrever em poucas palavras o que precisa? Se preferir, chamo uma pessoa da equipe.',
      picture:
        'Recebi sua imagem, mas não consegui ver por aqui. Pode me contar em poucas palavras o que precisa? Se preferir, chamo uma pessoa da equipe.',
      video:
        'Recebi seu vídeo, mas por aqui não consigo assistir. Pode me contar em poucas palavras o que precisa? Se preferir, chamo uma pessoa da equipe.',
      file: 'Recebi seu arquivo, mas por aqui consigo ler apenas texto. Pode me contar em poucas palavras o que precisa? Se preferir, chamo uma pessoa da equipe.',
    },
  },
  en: {
    voice: (words) => `[voice note] ${words}`,
    picture: (words) => `[picture: ${words}]`,
    place: (words) => `[location: ${words}]`,
    contact: (words) => `[contact: ${words}]`,
    link: (words) => `[link: ${words}]`,
    unread: {
      voice: '[voice note that could not be heard]',
      picture: '[picture that could not be seen]',
      video: '[video that could not be seen]',
      file: '[file that could not be opened]',
    },
    could: {
      voice: (count) => (count === 1 ? 'listen to the voice note' : `listen to ${count} voice notes`),
      picture: (count) => (count === 1 ? 'see the picture' : `see ${count} pictures`),
      video: (count) => (count === 1 ? 'watch the video' : `watch ${count} videos`),
      file: (count) => (count === 1 ? 'open the file' : `open ${count} files`),
    },
    couldNot: (list) => `I couldn't ${list} you sent. If it matters, please tell me in writing.`,
    nor: ' or ',
    askForText: {
      voice:
        "I received your voice note, but I couldn't listen to it here. Could you write in a few words what you need? I can also call someone from the team.",
      picture:
        "I received your picture, but I couldn't see it here. Could you tell me in a few words what you need? I can also call someone from the team.",
      video:
        "I received your video, but I can't watch it here. Could you tell me in a few words what you need? I can also call someone from the team.",
      file: 'I received your file, but I can only read text here. Could you tell me in a few words what you need? I can also call someone from the team.',
    },
  },
  es: {
    voice: (words) => `[mensaje de voz] ${words}`,
    picture: (words) => `[imagen: ${words}]`,
    place: (words) => `[ubicación: ${words}]`,
    contact: (words) => `[contacto: ${words}]`,
    link: (words) => `[enlace: ${words}]`,
    unread: {
      voice: '[mensaje de voz que no se pudo escuchar]',
      picture: '[imagen que no se pudo ver]',
      video: '[video que no se pudo ver]',
      file: '[archivo que no se pudo abrir]',
    },
    could: {
      voice: (count) => (count === 1 ? 'escuchar el audio' : `escuchar ${count} audios`),
      picture: (count) => (count === 1 ? 'ver la imagen' : `ver ${count} imágenes`),
      video: (count) => (count === 1 ? 'ver el video' : `ver ${count} videos`),
      file: (count) => (count === 1 ? 'abrir el archivo' : `abrir ${count} archivos`),
    },
    couldNot: (list) => `No pude ${list} que envió. Si es importante, cuéntemelo por escrito.`,
    nor: ' ni ',
    askForText: {
      voice:
        'Recibí su audio, pero no pude escucharlo por aquí. ¿Me escribe en pocas palabras qué necesita? También puedo llamar a una persona del equipo.',
      picture:
        'Recibí su imagen, pero no pude verla por aquí. ¿Me cuenta en pocas palabras qué necesita? También puedo llamar a una persona del equipo.',
      video:
        'Recibí su video, pero por aquí no puedo verlo. ¿Me cuenta en pocas palabras qué necesita? También puedo llamar a una persona del equipo.',
      file: 'Recibí su archivo, pero por aquí solo puedo leer texto. ¿Me cuenta en pocas palabras qué necesita? También puedo llamar a una persona del equipo.',
    },
  },
};

/** For the window and the prompt. What is quoted cannot end its own mark. */
export function markedFile(file: Attachment, language: Language): string {
  const words = mediaWords[language];
  if (file.transcript !== null) return words.voice(file.transcript);
  if (file.description !== undefined) return words.picture(inside(file.description));
  if (file.card === undefined) return words.unread[groupOf(file.kind)];
  const mark = file.kind === 'location' ? words.place : file.kind === 'contact' ? words.contact : words.link;
  return mark(inside(file.card));
}

/** What nobody could turn into words, said beside an answer. */
export function unreadNote(kinds: readonly FileKind[], language: Language): string {
  const words = mediaWords[language];
  const counts = new Map<Group, number>();
  for (const kind of kinds) counts.set(groupOf(kind), (counts.get(groupOf(kind)) ?? 0) + 1);
  const list = [...counts].map(([group, count]) => words.could[group](count));
  const last = list.slice(-2).join(words.nor);
  return words.couldNot([...list.slice(0, -2), last].join(', '));
}

/** The answer to files alone; files of several kinds are files. */
export function askForText(kinds: readonly FileKind[], language: Language): string {
  const groups = new Set(kinds.map(groupOf));
  const [only = 'file'] = groups;
  return mediaWords[language].askForText[groups.size === 1 ? only : 'file'];
}

export function unreadKinds(files: readonly Attachment[]): FileKind[] {
  return files.filter((file) => !hasWords(file)).map(({ kind }) => kind);
}

function groupOf(kind: FileKind): Group {
  if (kind === 'audio') return 'voice';
  if (kind === 'image') return 'picture';
  return kind === 'video' ? 'video' : 'file';
}

function inside(text: string): string {
  return text.replace(/[[\]]/g, ' ').replace(/\s+/g, ' ').trim();
}
