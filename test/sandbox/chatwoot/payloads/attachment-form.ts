// One attachment as webhooks and REST show it. `data_url` needs no token and is served by the sandbox itself.
import type { Attachment, Message } from '../state/model.ts';
import type { World } from '../world.ts';

const STORED_FILES = new Set([
  'image',
  'video',
  'file',
  'audio',
  'share',
  'story_mention',
  'ig_reel',
  'ig_post',
  'ig_story',
]);

export function attachmentForm(world: World, message: Message, attachment: Attachment) {
  const base = {
    id: attachment.id,
    message_id: message.id,
    file_type: attachment.fileType,
    account_id: message.accountId,
  };
  if (!STORED_FILES.has(attachment.fileType)) return { ...base, ...attachment.extra };
  const dataUrl = `${world.baseUrl()}/rails/active_storage/blobs/redirect/${attachment.id}/${encodeURIComponent(attachment.fileName)}`;
  const described = world.features.attachmentExtension
    ? { extension: attachment.extension, content_type: attachment.contentType }
    : { extension: null };
  return {
    ...base,
    ...described,
    data_url: dataUrl,
    thumb_url: attachment.fileType === 'image' ? dataUrl : '',
    file_size: attachment.fileSize,
    width: null,
    height: null,
    ...(attachment.fileType === 'audio' ? { transcribed_text: attachment.transcribedText } : {}),
    ...attachment.extra,
  };
}
