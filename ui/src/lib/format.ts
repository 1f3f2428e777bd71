// Numbers with units, for people. The only place that decides how they look.

function scaled(value: number, units: string[]): string {
  let unit = 0;
  let rest = value;
  while (Math.abs(rest) >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  return (unit === 0 ? rest.toFixed(0) : rest >= 99.95 ? rest.toFixed(0) : rest.toFixed(1)) + " " + units[unit];
}

export const bytes = (value: number) => scaled(value, ["B", "KB", "MB", "GB", "TB"]);

export function amount(value: number, unit: string): string {
  switch (unit) {
    case "bytes":
      return bytes(value);
    case "nanoseconds":
      return scaled(value, ["ns", "µs", "ms", "s"]);
    default:
      return value.toLocaleString("en") + " " + unit;
  }
}

export const percent = (part: number, whole: number) => (whole === 0 ? 0 : (100 * part) / whole).toFixed(1) + " %";

export function ago(time: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  if (seconds < 60) return seconds + " s ago";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min ago";
  if (seconds < 86400) return Math.floor(seconds / 3600) + " h ago";
  return Math.floor(seconds / 86400) + " d ago";
}
