// The refusals Chatwoot gives, with its exact status and body shapes. They are not uniform on purpose: a client has to read
// `error`, `errors[]` and `message`.

export class RestError extends Error {
  readonly status: number;
  /** undefined = an answer without a body */
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(JSON.stringify(body));
    this.status = status;
    this.body = body;
  }
}

export function notSignedIn(): RestError {
  return new RestError(401, { errors: ['You need to sign in or sign up before continuing.'] });
}

export function unknownToken(): RestError {
  return new RestError(401, { error: 'Invalid Access Token' });
}

export function notMember(kind: 'user' | 'bot'): RestError {
  const error =
    kind === 'bot' ? 'Bot is not authorized to access this account' : 'You are not authorized to access this account';
  return new RestError(401, { error });
}

export function notForBots(): RestError {
  return new RestError(401, { error: 'Access to this endpoint is not authorized for bots' });
}

export function notAllowed(): RestError {
  return new RestError(401, { error: 'You are not authorized to do this action' });
}

export function notFound(): RestError {
  return new RestError(404, { error: 'Resource could not be found' });
}

export function unprocessable(error: string): RestError {
  return new RestError(422, { error });
}

export function invalidRecord(message: string, attributes: string[]): RestError {
  return new RestError(422, { message, attributes });
}

/** What Rails answers when nobody rescues an exception. */
export function serverError(): RestError {
  return new RestError(500, { status: 500, error: 'Internal Server Error' });
}
