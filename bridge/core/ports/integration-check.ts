// What a check of an outside system says, in words for the person who can mend it.
export interface IntegrationCheck {
  ok: boolean;
  ms: number;
  message: string;
  fix: string | null;
}
