// The bench's table and its JSON file. The table shows each figure beside its target; a method line stands under each row.
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Figure, Row, RowResult } from './row.ts';

export interface RowReport {
  number: number;
  title: string;
  seconds: number;
  result: RowResult | null;
  /** Why there is no result. */
  error: string | null;
}

export function reportOf(row: Row, seconds: number, outcome: RowResult | Error): RowReport {
  const { number, title } = row;
  if (outcome instanceof Error) return { number, title, seconds, result: null, error: outcome.message };
  return { number, title, seconds, result: outcome, error: null };
}

export function printRow({ number, title, seconds, result, error }: RowReport): void {
  console.log(`\n${number}. ${title} (${seconds} s)`);
  if (result === null) {
    console.log(`   could not run: ${error}`);
    return;
  }
  for (const figure of result.figures) console.log(`   ${lineOf(figure)}`);
  console.log(`   method: ${result.method}`);
}

function lineOf({ name, value, unit, target }: Figure): string {
  const shown = `${name.padEnd(52)} ${`${value} ${unit}`.padStart(16)}`;
  if (target === null) return shown;
  return `${shown}   ${target.text.padEnd(24)} ${target.isMet ? 'ok' : 'MISSED'}`;
}

export function writeReport(file: string, options: { quick: boolean }, rows: RowReport[]): void {
  const machine = {
    cpus: os.cpus().length,
    model: os.cpus()[0]?.model ?? '',
    node: process.version,
    load: os.loadavg(),
  };
  const report = { version: 1, at: new Date().toISOString(), ...options, machine, rows };
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}
