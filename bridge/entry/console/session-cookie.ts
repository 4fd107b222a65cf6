// The cookie that carries a session: out of reach of scripts, never sent from another site, only to the console.
import type { Request, Response } from 'express';
import { sessionMs } from './sessions.ts';

const name = 'ui_console';
const options = { httpOnly: true, sameSite: 'strict', path: '/console' } as const;

export function sessionOf(request: Request): string | null {
  const cookies = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const found = cookies.find((pair) => pair.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? null;
}

export function setSession(request: Request, response: Response, id: string): void {
  response.cookie(name, id, { ...options, secure: request.secure, maxAge: sessionMs });
}

export function clearSession(request: Request, response: Response): void {
  response.clearCookie(name, { ...options, secure: request.secure });
}
