/** Saves a blob to the browser's downloads, without a copy. */
export function saveFile(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Large files are still being written when click() returns.
  setTimeout(() => URL.revokeObjectURL(url), 600_000);
}
