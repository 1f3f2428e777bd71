// Below which path the server is: the setting http.base-path, which the server writes into the page.

export const BASE: string =
  typeof document === "undefined" ? "" : document.querySelector<HTMLMetaElement>('meta[name="base"]')?.content ?? "";

/** A path of the browser's address as the page's own, which all start at "/". */
export const own = (pathname: string) => (pathname.startsWith(BASE + "/") ? pathname.slice(BASE.length) : pathname);
