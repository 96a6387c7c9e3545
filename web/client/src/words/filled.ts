/** A sentence with its values in place of the names in braces; one without a value is left as it stands, to be seen. */
export function filled(sentence: string, values: Readonly<Record<string, string>>): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
}
