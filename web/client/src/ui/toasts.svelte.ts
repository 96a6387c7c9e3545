/** Short notes at the corner of the page. What must not be missed belongs on the page itself. */

export interface Toast {
  id: number;
  text: string;
  kind: "good" | "note";
}

const SHOWN_MS = 6_000;
const MOST = 4;

class Toasts {
  list = $state<Toast[]>([]);
  private made = 0;

  show(text: string, kind: Toast["kind"] = "good"): void {
    const id = ++this.made;
    this.list = [...this.list, { id, text, kind }].slice(-MOST);
    setTimeout(() => this.drop(id), SHOWN_MS);
  }

  drop(id: number): void {
    this.list = this.list.filter((one) => one.id !== id);
  }
}

export const toasts = new Toasts();
