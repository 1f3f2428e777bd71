import { THEMES, useTheme, type Theme } from "../state/theme";

/** Chooses the theme. */
export function ThemeChoice() {
  const [theme, setTheme] = useTheme();
  return (
    <label class="quiet"><select aria-label="theme" value={theme} onChange={event => setTheme(event.currentTarget.value as Theme)}>
      {THEMES.map(each => <option key={each} value={each}>Theme: {each}</option>)}
    </select></label>
  );
}
