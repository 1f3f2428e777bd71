// Colours of frames. Code of one package has one colour; native, kernel and class frames have their own.

const cache = new Map<string, string>();

function hash(text: string): number {
  let h = 0;
  for (let i = 0; i < text.length; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) | 0;
  return Math.abs(h);
}

function packageOf(name: string): string {
  const method = name.lastIndexOf(".");
  const type = method < 0 ? -1 : name.lastIndexOf(".", method - 1);
  return type < 0 ? name : name.slice(0, type);
}

export function frameColour(name: string, kind: string): string {
  const key = kind + packageOf(name);
  let colour = cache.get(key);
  if (!colour) {
    const h = hash(key);
    const light = 68 + (h % 9);
    switch (kind) {
      case "native":
      case "cpp":
        colour = `hsl(${8 + (h % 14)} 62% ${light}%)`;
        break;
      case "kernel":
        colour = `hsl(${28 + (h % 8)} 75% ${light}%)`;
        break;
      case "class":
        colour = `hsl(${195 + (h % 16)} 48% ${light}%)`;
        break;
      default:
        colour = `hsl(${52 + (h % 100)} 50% ${light}%)`;
    }
    cache.set(key, colour);
  }
  return colour;
}
