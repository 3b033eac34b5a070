/** What to do about each problem that the API may answer, from the catalogue that the API itself answers by. */
import { PROBLEMS } from '@wsad/domain';

const HEADER =
  '/** Written by "npm run generate" in packages/client out of the catalogue of problems: not to be edited. */\n';

/** The text of src/problem-advice.ts as it should be. */
export function problemAdvice(): string {
  const rows = Object.entries(PROBLEMS).map(
    ([code, { advice }]) => `  ${code}: ${JSON.stringify(advice)},\n`,
  );
  return `${HEADER}export const PROBLEM_ADVICE = {\n${rows.join('')}} as const;\n`;
}
