// Package pricing knows what a unit of AWS usage costs and turns usage into
// charges. It knows nothing of ECS: what a design consumes is metered
// elsewhere.
//
// # Catalog
//
// Prices of one or more regions. Embedded gives the compiled-in one, Open one
// of files, NewCatalog one of rates in memory; With lays newer rates over
// any of them. A catalogue never changes, and reads a region's file when the
// region is first asked for.
//
// # Snapshot
//
// The prices of a day as plain text files, made by snapshotgen from price
// tables; snapshot/README.md describes them. Its date is that of its newest
// price; every price carries a date and a source of its own.
//
// # SKU
//
// What AWS sells: a usage type of a service in a region, told from its siblings
// by attributes. As a query it holds the attributes that a rate must carry.
//
// # Rate and Tier
//
// The unit price of one SKU, in tiers of a month's quantity. A rate is Assumed
// where the price was computed or guessed and not published (the field holds
// how), Open where its source gives no tier boundaries, Inferred where the
// usage type's name was not seen in print, and Floats where the price moves
// with demand.
//
// # Usage
//
// A month's quantity of one SKU in its pricing unit, and why it is that much.
//
// # Charge
//
// A usage rated, in FOCUS's terms: PricingQuantity × ListUnitPrice is ListCost;
// EffectiveCost is what remains after commitments. All usage of one rate fills
// its tiers together, so a charge's unit price is the average over the SKU.
//
// # Allowance, Discount and Terms
//
// An allowance is a quantity that costs nothing each month (100 GB of egress). A
// discount is a share of the list price that an account does not pay, on one
// service or on all. The terms of an account are both.
//
// # Absent
//
// A price that is not known is an error (NotFoundError, RegionError,
// AmbiguousError), never zero, and a number of an instance type that is not
// known is NaN.
package pricing
