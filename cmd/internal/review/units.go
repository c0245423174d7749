package review

// units is a text's length in UTF-16 code units: one for each character, two
// for those beyond U+FFFF, one for each byte that is not UTF-8 (it is sent as
// U+FFFD).
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// clip is the longest start of a text with at most limit units.
func clip(s string, limit int) string {
	n := 0
	for at, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
		if n > limit {
			return s[:at]
		}
	}
	return s
}

// grouped writes a count as 12,345.
func grouped(n int) string {
	var digits [32]byte
	at := len(digits)
	for i := 0; n > 0 || i == 0; i++ {
		if i > 0 && i%3 == 0 {
			at--
			digits[at] = ','
		}
		at--
		digits[at] = byte('0' + n%10)
		n /= 10
	}
	return string(digits[at:])
}

// plural is a count with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return grouped(n) + " " + noun + "s"
}
