/** Lines on a grid of 16, drawn with the colour of the text. */
const PATHS = {
  services: "M2.5 3.5h11v4h-11zM2.5 9.5h11v3h-11zM5 5.5h.01M5 11h.01",
  file: "M4 1.75h5l3.25 3.25v9.25H4zM9 1.75V5h3.25",
  settings: "M2 4.5h6M11 4.5h3M2 11.5h3M8 11.5h6M9.5 3v3M6.5 10v3",
  docs: "M8 4c-1.4-1-3.4-1.25-5.5-1.25v9.5c2.1 0 4.1.25 5.5 1.25 1.4-1 3.4-1.25 5.5-1.25v-9.5C11.4 2.75 9.4 3 8 4v9.5",
  help: "M5.75 6a2.25 2.25 0 1 1 3.3 2c-.7.4-1.05.8-1.05 1.6M8 12.2h.01",
  sun: "M8 5.25a2.75 2.75 0 1 0 0 5.5 2.75 2.75 0 0 0 0-5.5M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9",
  moon: "M13.25 9.4A5.5 5.5 0 1 1 6.6 2.75a4.4 4.4 0 0 0 6.65 6.65",
  system: "M2 3h12v8H2zM6 13.5h4",
  compare: "M5 2.5v11M5 2.5 2.5 5M5 2.5 7.5 5M11 13.5v-11M11 13.5 8.5 11M11 13.5l2.5-2.5",
  share: "M6.5 9.5l3-3M7 4.6l1.3-1.3a2.5 2.5 0 0 1 3.5 3.5L10.5 8M9 11.4l-1.3 1.3a2.5 2.5 0 0 1-3.5-3.5L5.5 8",
  export: "M8 2v8M8 10 5 7M8 10l3-3M2.5 11v2.5h11V11",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.5 10.5l3 3",
  filter: "M2 3.5h12M4.5 8h7M6.75 12.5h2.5",
  view: "M2 4.5h7M12 4.5h2M10.5 3v3M2 11.5h2M7 11.5h7M5.5 10v3",
  full: "M6 2.5H2.5V6M10 2.5h3.5V6M6 13.5H2.5V10M10 13.5h3.5V10",
  close: "M4 4l8 8M12 4l-8 8",
  left: "M10 3.5 5.5 8l4.5 4.5",
  right: "M6 3.5 10.5 8 6 12.5",
  down: "M3.5 6 8 10.5 12.5 6",
  pencil: "M3 13l.6-2.8L10.8 3l2.2 2.2-7.2 7.2zM9.4 4.4l2.2 2.2",
  plus: "M8 3v10M3 8h10",
  check: "M3 8.5 6.5 12 13 4.5",
  panel: "M2 3h12v10H2zM10 3v10",
  play: "M5 3.25v9.5L12.75 8z",
  heat: "M2.5 2.5h3v3h-3zM6.5 6.5h3v3h-3zM10.5 2.5h3v3h-3zM10.5 10.5h3v3h-3zM2.5 10.5h3v3h-3z",
  drop: "M8 10V2.5M8 2.5 5 5.5M8 2.5l3 3M2.5 10v3.5h11V10",
  person: "M8 2.25a2.75 2.75 0 1 0 0 5.5 2.75 2.75 0 0 0 0-5.5M2.75 14c0-2.9 2.3-4.25 5.25-4.25S13.25 11.1 13.25 14",
  access: "M4.5 7V5a3.5 3.5 0 0 1 7 0v2M3 7h10v7H3zM8 9.75v1.5",
  attach: "M5.5 2v3.5M10.5 2v3.5M3.5 5.5h9V8a4.5 4.5 0 0 1-9 0zM8 12.5V15",
};

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={PATHS[name]} fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}

/** The mark: a miner's lamp, its flame behind gauze. */
export function Lamp({ size = 24 }: { size?: number }) {
  return (
    <svg class="lamp" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path d="M9 4.2a3 3 0 0 1 6 0" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" />
      <path d="M8 5.5h8l.8 2.3H7.2z" fill="currentColor" />
      <path d="M7.6 8.6h8.8v8.8H7.6z" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" />
      <path d="M6 18.2h12v3.3a.9.9 0 0 1-.9.9H6.9a.9.9 0 0 1-.9-.9z" fill="currentColor" />
      <path class="lamp-flame" d="M12 9.9c1.7 1.8 2.6 3 2.6 4.3a2.6 2.6 0 0 1-5.2 0c0-1.3.9-2.5 2.6-4.3z" />
    </svg>
  );
}
