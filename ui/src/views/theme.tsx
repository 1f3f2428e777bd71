import { THEMES, useTheme } from "../state/theme";
import type { IconName } from "./kit/icon";
import { Item, Popover } from "./kit/popover";

const ICONS: Record<string, IconName> = { system: "system", light: "sun", dark: "moon" };
const WORDS: Record<string, string> = { system: "Theme: system", light: "Theme: light", dark: "Theme: dark" };

/** Chooses the theme. */
export function ThemeChoice() {
  const [theme, setTheme] = useTheme();
  return (
    <Popover icon={ICONS[theme]} label={WORDS[theme]} end>
      {close => THEMES.map(each => <Item key={each} value={each} icon={ICONS[each]} text={WORDS[each]} chosen={each === theme} onClick={() => { close(); setTheme(each); }} />)}
    </Popover>
  );
}
