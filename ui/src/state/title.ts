import { useEffect } from "preact/hooks";

/** What the browser calls the page: in its tabs, its history and its bookmarks. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? title + " · Davylamp" : "Davylamp";
  }, [title]);
}
