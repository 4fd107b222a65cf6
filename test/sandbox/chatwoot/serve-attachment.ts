// Hands out a message's file without a token, like Chatwoot's storage links; the first downloads may be 404, because the real
// event leaves before the file is stored.
import type { ServerResponse } from 'node:http';
import type { World } from './world.ts';

export const ATTACHMENT_PATH = /^\/rails\/active_storage\/blobs\/redirect\/(\d+)\//;

export function serveAttachment(world: World, attachmentId: number, response: ServerResponse): void {
  const message = world.state.attachmentOwners.get(attachmentId);
  const attachment = message?.attachments.find((candidate) => candidate.id === attachmentId);
  if (attachment === undefined || attachment.bytes === null || attachment.missingFor > 0) {
    if (attachment !== undefined) attachment.missingFor -= 1;
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-type': attachment.contentType ?? 'application/octet-stream',
    'content-length': attachment.bytes.length,
  });
  response.end(attachment.bytes);
}
