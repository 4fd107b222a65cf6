// What the file system's errors mean to readers of folders that people edit.

/** There is no such file or folder (or something else stands in its place). */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
