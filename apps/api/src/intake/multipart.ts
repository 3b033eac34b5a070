import type { MultipartFile } from '@fastify/multipart';
import { Problem } from '@wsad/domain';
import type { FastifyRequest } from 'fastify';
import { type CallBudget, type CallLimits, countedBody } from './call-budget.ts';
import { collectEntry, type Entry } from './entry.ts';
import { zipEntries } from './zip.ts';

const FILE_NAME_LENGTH_MAX = 255;
const ZIP_TYPES = new Set(['application/zip', 'application/x-zip-compressed']);

/** Every part a file: an invoice, or a flat ZIP of invoices. */
export async function* multipartEntries(
  request: FastifyRequest,
  budget: CallBudget,
  limits: CallLimits,
): AsyncGenerator<Entry> {
  const parts = request.parts({
    limits: { fileSize: limits.bytesMax + 1, parts: limits.invoicesMax + 1, fieldSize: 1000 },
  });
  try {
    for await (const part of parts) {
      if (part.type !== 'file') throw notAFile(part.fieldname);
      if (isZip(part)) yield* zipEntries(countedBody(part.file, limits.bytesMax), budget, limits);
      else
        yield {
          fileName: part.filename?.slice(0, FILE_NAME_LENGTH_MAX) ?? null,
          externalId: null,
          content: await collectEntry(part.file, budget),
        };
    }
  } catch (error) {
    throw error instanceof Problem ? error : multipartProblem(error);
  }
}

function isZip(part: MultipartFile): boolean {
  return ZIP_TYPES.has(part.mimetype) || /\.zip$/i.test(part.filename ?? '');
}

function notAFile(field: string): Problem {
  const path = field.slice(0, 100);
  return new Problem('INVALID_REQUEST', `The part "${path}" is not a file: send it with a file name.`, {
    errors: [{ path, message: 'is not a file' }],
  });
}

function multipartProblem(error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'FST_PARTS_LIMIT' || code === 'FST_FILES_LIMIT' || code === 'FST_FIELDS_LIMIT')
    return new Problem('TOO_LARGE', 'The form has more parts than a call may hold invoices.');
  const message = error instanceof Error ? error.message : String(error);
  return new Problem('MALFORMED_BODY', `The form cannot be read: ${message}`);
}
