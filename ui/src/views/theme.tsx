import { THEMES, useTheme, type Theme } from "../state/theme";

/** Chooses light or dark. */
export function ThemeChoice() {
  const [theme, setTheme] = useTheme();
  return (
    <label class="quiet"><select aria-label="light or dark" value={theme} onChange={event => setTheme(event.currentTarget.value as Theme)}>
      {THEMES.map(each => <option key={each} value={each}>{each === "system" ? "as the system" : each}</option>)}
    </select></label>
  );
}
