package deliver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// System is what delivery takes from outside the process. AWS is asked only
// where a destination or a reference needs it.
type System struct {
	Stdout io.Writer
	Env    func(name string) (string, bool)
	AWS    func(context.Context) (aws.Config, error)
	// HTTP posts to webhooks; nil is a client of its own. It never follows a
	// redirect.
	HTTP *http.Client
	// Dial opens connections to SMTP servers, and TLS their settings; nil is
	// the usual.
	Dial  func(ctx context.Context, network, address string) (net.Conn, error)
	TLS   *tls.Config
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error // nil is the clock's
}

// Options are how a delivery goes.
type Options struct {
	Ledger Ledger // nil remembers nothing
	Again  bool   // send, and replace in S3, also what was delivered before
	DryRun bool   // prepare everything, send nothing
}

// State is what became of one destination.
type State string

const (
	Sent    State = "sent"
	Before  State = "delivered before" // this period went there already
	Planned State = "planned"          // a dry run
	Failed  State = "failed"
)

// Receipt is what became of one destination. Lines say what went (or would go)
// where; they and Err hold no secret.
type Receipt struct {
	To    string
	State State
	Lines []string
	Err   error
}

// channel is one kind of destination.
type channel interface {
	// prepare makes what is sent; where is where the whole report is stored,
	// "" for nowhere.
	prepare(s *session, p Package, where string) (parcel, error)
}

// parcel is what a destination gets, ready to be sent.
type parcel struct {
	lines []string // what it is
	where string   // where the first file can be found afterwards
	// send sends it, and returns remarks.
	send func(context.Context) ([]string, error)
}

// session is one delivery.
type session struct {
	System
	again  bool
	hidden []hiddenText
}

// longest is how long one destination may take, with all its retries: enough
// for a mail of 40 MB on a slow line, and less than a run may wait.
const longest = 5 * time.Minute

// Deliver hands a report to every destination: first those that store it, then
// those that send a message about it. One that fails does not stop the others;
// the receipts are in the order of the destinations.
func Deliver(ctx context.Context, sys System, p Package, to []Destination, opts Options) []Receipt {
	receipts := make([]Receipt, len(to))
	bad := p.check()
	where := ""
	for _, storing := range []bool{true, false} {
		for i, d := range to {
			if d.stores() != storing {
				continue
			}
			if bad != nil {
				receipts[i] = Receipt{To: d.text, State: Failed, Err: bad}
				continue
			}
			one := &session{System: sys, again: opts.Again}
			r, found := one.deliver(ctx, p, d, where, opts)
			receipts[i] = r
			if where == "" && r.State != Failed {
				where = found
			}
		}
	}
	return receipts
}

// Err is what went wrong in a delivery, nil where nothing did.
func Err(receipts []Receipt) error {
	var all []error
	for _, r := range receipts {
		if r.Err != nil {
			all = append(all, fmt.Errorf("delivering to %s: %w", r.To, r.Err))
		}
	}
	return errors.Join(all...)
}

func (s *session) deliver(ctx context.Context, p Package, d Destination, where string, opts Options) (Receipt, string) {
	r := Receipt{To: d.text}
	failed := func(err error) (Receipt, string) {
		r.State, r.Err = Failed, errors.New(line(s.scrub(err.Error())))
		return r, ""
	}
	if d.channel == nil {
		return failed(errors.New("no destination"))
	}
	parcel, err := d.channel.prepare(s, p, where)
	if err != nil {
		return failed(err)
	}
	r.Lines = parcel.lines
	// Files and standard output can be written twice without harm, and S3
	// knows by itself what it has.
	message := !d.stores() && d.kind != Stdout
	key := p.Name + "/" + p.Period + "/" + d.text
	if message && opts.Ledger != nil && !opts.Again {
		done, err := opts.Ledger.Delivered(ctx, key)
		if err != nil {
			return failed(fmt.Errorf("asking what was delivered before: %w", err))
		}
		if done {
			r.State = Before
			return r, parcel.where
		}
	}
	if opts.DryRun {
		r.State = Planned
		return r, parcel.where
	}
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	remarks, err := parcel.send(ctx)
	if err != nil {
		return failed(err)
	}
	r.State, r.Lines = Sent, append(r.Lines, remarks...)
	if message && opts.Ledger != nil {
		if err := opts.Ledger.Mark(ctx, key); err != nil {
			r.Err = errors.New(line(s.scrub(fmt.Sprintf("it was sent, but that is not noted, so the next run sends it again: %v", err))))
		}
	}
	return r, parcel.where
}

// aws is the configuration of the SDK for a region, "" for the usual one.
func (s *session) aws(ctx context.Context, region string) (aws.Config, error) {
	if s.AWS == nil {
		return aws.Config{}, errors.New("there is no AWS configuration")
	}
	cfg, err := s.AWS(ctx)
	if err != nil {
		return cfg, err
	}
	cfg = cfg.Copy()
	if region != "" {
		cfg.Region = region
	}
	if cfg.Region == "" {
		return cfg, errors.New("no region: neither AWS_REGION nor the profile names one")
	}
	return cfg, nil
}
