// What Odoo says about a refusal is for the person who mends the connection, and may repeat what a customer wrote. Between
// these marks it reaches that person in the answer to a call, and the log leaves it out.

const longest = 300;

export function quoted(text: string): string {
  return `«${text.trim().replace(/[«»]/g, '"').slice(0, longest)}»`;
}
