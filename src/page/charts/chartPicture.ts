/** Twice the pixels of the page, so that it stays sharp in a paper or on slides. */
const SCALE = 2;
const HEAD = 32;
const LOOK = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
] as const;

/** A chart as it looks now under its title, with its legend. Null where the browser cannot draw it. */
export async function chartPicture(card: HTMLElement, title: string): Promise<Blob | null> {
  const chart = card.querySelector<SVGSVGElement>('svg.recharts-surface');
  if (!chart) return null;
  const { left, top, width, height } = chart.getBoundingClientRect();
  const names = [...card.querySelectorAll<HTMLElement>('[data-legend]')];
  const foot = names.length === 0 ? 0 : names.at(-1)!.getBoundingClientRect().bottom - top - height + 8;
  const canvas = document.createElement('canvas');
  canvas.width = SCALE * width;
  canvas.height = SCALE * (HEAD + height + foot);
  const context = canvas.getContext('2d');
  if (!context) return null;
  const page = getComputedStyle(document.body);
  context.scale(SCALE, SCALE);
  context.fillStyle = page.backgroundColor;
  context.fillRect(0, 0, width, HEAD + height + foot);
  context.fillStyle = page.color;
  context.font = `600 15px ${page.fontFamily}`;
  context.fillText(`${title} by step`, 8, 21);
  context.translate(-left, HEAD - top);
  context.drawImage(await imageOf(chart), left, top, width, height);
  context.textBaseline = 'middle';
  for (const name of names) drawName(context, name);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

/** One name of the legend, with its swatch. */
function drawName(context: CanvasRenderingContext2D, name: HTMLElement): void {
  const text = name.getBoundingClientRect();
  const look = getComputedStyle(name);
  const swatch = name.firstElementChild!.getBoundingClientRect();
  const colour = getComputedStyle(name.firstElementChild!);
  context.globalAlpha = Number(colour.opacity);
  context.fillStyle = colour.backgroundColor;
  context.beginPath();
  context.roundRect(swatch.left, swatch.top, swatch.width, swatch.height, Number.parseFloat(colour.borderRadius));
  context.fill();
  context.globalAlpha = 1;
  context.fillStyle = look.color;
  context.font = `${look.fontSize} ${look.fontFamily}`;
  context.fillText(name.textContent ?? '', swatch.right + 6, text.top + text.height / 2);
}

async function imageOf(svg: SVGSVGElement): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(withLook(svg)))}`;
  await image.decode();
  return image;
}

/** A copy that needs no style sheet, in the colours of the theme. */
function withLook(svg: SVGSVGElement): Node {
  const { width, height } = svg.getBoundingClientRect();
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute('width', `${width}`);
  copy.setAttribute('height', `${height}`);
  const copies = copy.querySelectorAll<SVGElement>('*');
  svg.querySelectorAll('*').forEach((element, i) => {
    const look = getComputedStyle(element);
    for (const name of LOOK) copies[i]?.style.setProperty(name, look.getPropertyValue(name));
  });
  return copy;
}
