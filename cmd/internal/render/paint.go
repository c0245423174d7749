package render

// painter puts weight and colour on text of a terminal, or nothing at all.
type painter struct{ on bool }

// The select-graphic-rendition codes in use: bold, faint and yellow tell
// apart what counts, what explains and what is missing, on light and on dark
// backgrounds.
const (
	sgrReset  = "\x1b[0m"
	sgrBold   = "\x1b[1m"
	sgrFaint  = "\x1b[2m"
	sgrYellow = "\x1b[33m"
)

func (p painter) strong(s string) string { return p.with(sgrBold, s) }
func (p painter) quiet(s string) string  { return p.with(sgrFaint, s) }
func (p painter) alert(s string) string  { return p.with(sgrYellow, s) }

func (p painter) with(code, s string) string {
	if !p.on || s == "" {
		return s
	}
	return code + s + sgrReset
}
