package design

// Basis says how a fact came to be: the zero value is Unknown, so that what
// nobody stated can never pass for a number.
type Basis uint8

const (
	// Unknown: nobody said, and no default would be honest.
	Unknown Basis = iota
	// Assumed: a default that the output lists.
	Assumed
	// Known: stated by the input or measured.
	Known
)

func (b Basis) String() string {
	switch b {
	case Known:
		return "known"
	case Assumed:
		return "assumed"
	default:
		return "unknown"
	}
}

// Fact is a value with its basis. The zero Fact is unknown.
type Fact[T any] struct {
	Value T
	Basis Basis
	// Note says why an assumed value was taken, or what an unknown one
	// would have to be read from. It is empty for a known value.
	Note string
}

// Know returns a known fact.
func Know[T any](v T) Fact[T] { return Fact[T]{Value: v, Basis: Known} }

// Assume returns a default and says which and why.
func Assume[T any](v T, note string) Fact[T] { return Fact[T]{Value: v, Basis: Assumed, Note: note} }

// NotKnown returns an unknown fact and says what is missing.
func NotKnown[T any](note string) Fact[T] { return Fact[T]{Note: note} }

// Stated reports whether there is a value at all, known or assumed.
func (f Fact[T]) Stated() bool { return f.Basis != Unknown }

// Or returns f where it has a value, else the default.
func (f Fact[T]) Or(v T, note string) Fact[T] {
	if f.Stated() {
		return f
	}
	return Assume(v, note)
}

// Weakest is the basis of what is computed from several facts: unknown if one
// is unknown, else assumed if one is.
func Weakest(bases ...Basis) Basis {
	weakest := Known
	for _, b := range bases {
		weakest = min(weakest, b)
	}
	return weakest
}

// Scale returns the fact times a constant.
func Scale(f Fact[float64], by float64) Fact[float64] {
	f.Value *= by
	return f
}

// Times returns the product of facts: unknown if one is unknown, assumed if
// one is. The note is that of the first fact with the product's basis.
func Times(facts ...Fact[float64]) Fact[float64] {
	product := Know(1.0)
	for _, f := range facts {
		if f.Basis < product.Basis {
			product.Basis, product.Note = f.Basis, f.Note
		}
		product.Value *= f.Value
	}
	if !product.Stated() {
		product.Value = 0
	}
	return product
}

// Plus returns the sum of facts: unknown if one is unknown, assumed if one is.
func Plus(facts ...Fact[float64]) Fact[float64] {
	sum := Know(0.0)
	for _, f := range facts {
		if f.Basis < sum.Basis {
			sum.Basis, sum.Note = f.Basis, f.Note
		}
		sum.Value += f.Value
	}
	if !sum.Stated() {
		sum.Value = 0
	}
	return sum
}
