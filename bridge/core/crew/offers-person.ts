// Whether a text ends with the offer of a person: then a "yes" next is a request for one.

const lastQuestion =
  /(?<!\p{L})(?:pessoa|atendente|equipe|humano|alguém|person|someone|team|human|persona|equipo|alguien|asesor)(?!\p{L})[^.?!]{0,60}\?[^\p{L}\p{N}]*$/iu;

export function offersPerson(text: string): boolean {
  return lastQuestion.test(text);
}
