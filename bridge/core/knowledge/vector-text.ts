// Vectors as text, for stores that keep texts: little-endian 32-bit floats in base64.

export function encodeVector(vector: Float32Array): string {
  let bytes = '';
  for (const byte of new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)) {
    bytes += String.fromCharCode(byte);
  }
  return btoa(bytes);
}

/** Null when it is no vector of this length. */
export function decodeVector(text: string, dimensions: number): Float32Array | null {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return bytes.length === dimensions * 4 ? new Float32Array(bytes.buffer) : null;
}
