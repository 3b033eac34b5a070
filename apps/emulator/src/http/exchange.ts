/** One call under /v2 and its answer, as an observer sees it. Bodies are parsed where they are JSON, else text. */
export type Exchange = {
  method: string;
  /** Path and query without the base path, such as `/sessions/batch?x=1`. */
  path: string;
  requestHeaders: Record<string, string | string[] | undefined>;
  requestBody: unknown;
  /** false where the call was answered before its body was read: nobody knows what it was. */
  isBodyRead: boolean;
  status: number;
  responseHeaders: Record<string, string | string[] | number | undefined>;
  responseBody: unknown;
  /** true where the answer was made up by a programmed fault. */
  faulted: boolean;
};
