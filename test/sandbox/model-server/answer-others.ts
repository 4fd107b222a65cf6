// Embeddings and transcriptions: checked, then answered from the text alone or from the plan.
import { parseMultipart } from '../chatwoot/rest/parse-multipart.ts';
import { embeddingsAnswer, embeddingsRequest } from './embeddings.ts';
import { type HttpAnswer, parseJson, refuse } from './http-answer.ts';
import type { ModelApi, ModelCall } from './model-api.ts';

export function answerEmbeddings(api: ModelApi, call: ModelCall, bytes: Buffer): HttpAnswer {
  const raw = parseJson(bytes);
  call.request = raw;
  const parsed = embeddingsRequest.safeParse(raw);
  if (!parsed.success) return refuse(api, raw, parsed.error.message);
  return { status: 200, json: embeddingsAnswer(parsed.data, api.config.dimensions) };
}

export function answerTranscription(api: ModelApi, call: ModelCall, bytes: Buffer, contentType: string): HttpAnswer {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  const parts = boundary === undefined ? [] : parseMultipart(bytes, boundary);
  const file = parts.find((part) => part.name === 'file');
  const field = (name: string): string | null =>
    parts.find((part) => part.name === name)?.bytes.toString('utf8') ?? null;
  call.request = {
    file: file?.fileName ?? null,
    bytes: file?.bytes.length ?? 0,
    model: field('model'),
    language: field('language'),
  };
  if (file === undefined || field('model') === null) {
    return refuse(api, call.request, 'a transcription needs file and model');
  }
  if (file.bytes.length === 0) return refuse(api, call.request, 'the audio file is empty');
  // The real endpoint chooses its decoder by the name.
  if (!/\.(?:flac|m4a|mp3|mp4|mpeg|mpga|oga|ogg|wav|webm)$/.test(file.fileName ?? '')) {
    return refuse(api, call.request, `unsupported file format: ${String(file.fileName)}`);
  }
  if (!/^(?:[a-z]{2})?$/.test(field('language') ?? '')) return refuse(api, call.request, 'language in two letters');
  const text = api.transcripts.shift() ?? api.config.transcript;
  return field('response_format') === 'text' ? { status: 200, text: `${text}\n` } : { status: 200, json: { text } };
}
