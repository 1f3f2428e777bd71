// What a browser has and the engine of the tests has not: as much of it as the page's pure parts use.

class Decoder {
  decode(bytes: Uint8Array): string {
    let percents = "";
    for (const byte of bytes) percents += "%" + byte.toString(16).padStart(2, "0");
    return decodeURIComponent(percents);
  }
}

class Encoder {
  encode(text: string): Uint8Array {
    return Uint8Array.from(unescape(encodeURIComponent(text)), letter => letter.charCodeAt(0));
  }
}

class Params {
  private readonly all: [string, string][];

  constructor(text: string) {
    const decoded = (part: string) => decodeURIComponent(part.replace(/\+/g, " "));
    this.all = text.replace(/^\?/, "").split("&").filter(Boolean).map(pair => {
      const [name, ...value] = pair.split("=");
      return [decoded(name!), decoded(value.join("="))];
    });
  }
  forEach(each: (value: string, name: string) => void): void {
    this.all.forEach(([name, value]) => each(value, name));
  }
  keys(): Iterable<string> {
    return this.all.map(([name]) => name);
  }
}

const missing: Record<string, unknown> = { TextDecoder: Decoder, TextEncoder: Encoder, URLSearchParams: Params };
for (const [name, value] of Object.entries(missing)) if (!(name in globalThis)) Object.assign(globalThis, { [name]: value });
