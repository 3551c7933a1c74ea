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

/** A chart as it looks now, colours of the theme included, under its title. Null where the browser cannot draw it. */
export async function chartPicture(svg: SVGSVGElement, title: string): Promise<Blob | null> {
  const { width, height } = svg.getBoundingClientRect();
  const picture = new Image();
  picture.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(withLook(svg)))}`;
  await picture.decode();
  const canvas = document.createElement('canvas');
  canvas.width = SCALE * width;
  canvas.height = SCALE * (height + HEAD);
  const context = canvas.getContext('2d');
  if (!context) return null;
  const page = getComputedStyle(document.body);
  context.scale(SCALE, SCALE);
  context.fillStyle = page.backgroundColor;
  context.fillRect(0, 0, width, height + HEAD);
  context.fillStyle = page.color;
  context.font = `600 15px ${page.fontFamily}`;
  context.fillText(title, 8, 21);
  context.drawImage(picture, 0, HEAD, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

/** A copy that needs no style sheet. */
function withLook(svg: SVGSVGElement): Node {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const copies = copy.querySelectorAll<SVGElement>('*');
  svg.querySelectorAll('*').forEach((element, i) => {
    const look = getComputedStyle(element);
    for (const name of LOOK) copies[i]?.style.setProperty(name, look.getPropertyValue(name));
  });
  return copy;
}
