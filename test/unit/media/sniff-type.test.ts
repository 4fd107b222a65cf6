import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sniffType } from '../../../bridge/adapters/media/sniff-type.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('what a file is', () => {
  it('is told by its first bytes', () => {
    for (const [start, type] of [
      ['\x89PNG\r\n\x1a\n....', 'image/png'],
      ['\xff\xd8\xff\xe0..JFIF', 'image/jpeg'],
      ['GIF89a', 'image/gif'],
      ['RIFF\x10\0\0\0WEBPVP8 ', 'image/webp'],
      ['RIFF\x10\0\0\0WAVEfmt ', 'audio/wav'],
      ['OggS\0\x02', 'audio/ogg'],
      ['ID3\x04', 'audio/mpeg'],
      ['\xff\xfb\x90\x44', 'audio/mpeg'],
      ['\xff\xf1\x50\x80', 'audio/aac'],
      ['fLaC', 'audio/flac'],
      ['#!AMR\n', 'audio/amr'],
      ['\x1aE\xdf\xa3', 'audio/webm'],
      ['\0\0\0\x18ftypM4A ', 'audio/mp4'],
      ['\0\0\0\x18ftypheic', 'image/heic'],
      ['%PDF-1.4', 'application/pdf'],
    ] as const) {
      assert.equal(sniffType(bytes(start)), type, JSON.stringify(start));
    }
  });

  it('is nothing known for a page, a program, a half header or nothing at all', () => {
    for (const start of ['<html>', 'MZ\x90', '\x7fELF', '\x89PN', 'RIFF', '\xff', '']) {
      assert.equal(sniffType(bytes(start)), '', JSON.stringify(start));
    }
  });

  it('never fails, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (given) => typeof sniffType(given) === 'string'));
  });
});
