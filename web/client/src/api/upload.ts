/** Sending files as a form, with how far it is. */

import { language } from "../words/index.svelte";
import { refusal, unreachable } from "./client";

/** Sent and read: a WFDB record over a slow line, and the reader's own 40 s. */
const TIME_LIMIT_MS = 180_000;

export interface Upload<T> {
  done: Promise<T>;
  cancel(): void;
}

/**
 * Post what the files are about, and the files. `onsent`: the share of the bytes that left, 0 to 1.
 *
 * `done` fails with `ApiError`, also when it was cancelled (`unreachable`).
 */
export function upload<T>(path: string, about: unknown, files: readonly File[], onsent: (share: number) => void): Upload<T> {
  const request = new XMLHttpRequest(); // `fetch` does not tell how far an upload is
  const done = new Promise<T>((resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => onsent(total === 0 ? 0 : loaded / total);
    request.upload.onload = () => onsent(1);
    request.onload = () => (request.status === 200 ? resolve(JSON.parse(request.responseText) as T) : reject(refusal(request.status, request.responseText)));
    request.onerror = request.ontimeout = request.onabort = () => reject(unreachable());
  });
  request.open("POST", path);
  request.timeout = TIME_LIMIT_MS;
  request.setRequestHeader("Accept-Language", language.current);
  request.send(formOf(about, files));
  return { done, cancel: () => request.abort() };
}

/** What it is about comes first: the server reads the form as it arrives. */
function formOf(about: unknown, files: readonly File[]): FormData {
  const form = new FormData();
  form.append("about", JSON.stringify(about));
  for (const file of files) form.append("file", file, file.name);
  return form;
}
