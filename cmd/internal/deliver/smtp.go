package deliver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/smtp"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// smtpChannel sends a mail through a server of one's own, over STARTTLS.
type smtpChannel struct {
	envelope
	address, host string
	user          string
	password      Reference
	open          bool // starttls=no: a server that has no TLS
}

// smtpMessage is how long a mail is at most where the server names no limit:
// what common servers take. smtpTimeout is for one conversation.
const (
	smtpMessage = 25_000_000
	smtpTimeout = 2 * time.Minute
)

const wantSMTP = "want smtp://HOST[:587]?from=ADDRESS&to=ADDRESSES[&user=NAME&password=REFERENCE][&starttls=no]"

func parseSMTP(rest string) (channel, error) {
	address, options, _ := strings.Cut(strings.TrimPrefix(rest, "//"), "?")
	if strings.Contains(address, "@") {
		// What stands there may be a password: it is not repeated.
		return nil, errors.New("name and password stand behind '?', the password as a reference: " + wantSMTP)
	}
	set, err := settings(options, "from", "to", "user", "password", "starttls")
	if err != nil {
		return nil, err
	}
	u, err := url.Parse("smtp://" + address)
	if err != nil || u.Hostname() == "" || u.Path != "" && u.Path != "/" || !strings.HasPrefix(rest, "//") {
		return nil, errors.New(wantSMTP)
	}
	port := u.Port()
	if port == "" {
		port = "587"
	}
	c := smtpChannel{host: u.Hostname(), address: net.JoinHostPort(u.Hostname(), port), user: set["user"]}
	if set["from"] == "" {
		return nil, errNoSender
	}
	if c.envelope, err = newEnvelope(set["from"], set["to"]); err != nil {
		return nil, err
	}
	if set["password"] != "" {
		if c.password, err = ParseReference(set["password"]); err != nil {
			return nil, fmt.Errorf("password: %w", err)
		}
	}
	switch {
	case set["starttls"] != "" && set["starttls"] != "no":
		return nil, fmt.Errorf("starttls=%q: want no, or nothing", set["starttls"])
	case (c.user == "") != (set["password"] == ""):
		return nil, errors.New("user and password go together: " + wantSMTP)
	case set["starttls"] == "no" && c.user != "":
		return nil, errors.New("a password is not sent without TLS: leave starttls=no or user out")
	}
	c.open = set["starttls"] == "no"
	return c, nil
}

func (c smtpChannel) prepare(s *session, p Package, where string) (parcel, error) {
	raw, lines, err := c.message(p, where, s.Now(), smtpMessage)
	if err != nil {
		return parcel{}, err
	}
	through := "through " + c.address + " over STARTTLS"
	if c.open {
		through = "through " + c.address + " without TLS"
	}
	if c.user != "" {
		through += " as " + c.user + ", password " + c.password.planned(s.Env)
	}
	return parcel{lines: append(lines, through), send: func(ctx context.Context) ([]string, error) {
		password := ""
		if c.user != "" {
			if password, err = s.secret(ctx, c.password); err != nil {
				return nil, err
			}
			s.hide("\x00"+c.user+"\x00"+password, c.password) // as AUTH PLAIN sends it
		}
		return nil, s.retry(ctx, func() error { return c.converse(ctx, s, password, raw) })
	}}, nil
}

// converse sends one mail. Codes of 400 to 499 pass; the others are final
// (RFC 5321, 4.2.1).
func (c smtpChannel) converse(ctx context.Context, s *session, password string, raw []byte) error {
	dial := s.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: smtpTimeout}).DialContext
	}
	conn, err := dial(ctx, "tcp", c.address)
	if err != nil {
		return &passing{err: err}
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if err := conn.SetDeadline(time.Now().Add(smtpTimeout)); err != nil {
		return err
	}
	client, err := smtp.NewClient(conn, c.host)
	if err != nil {
		return answered(err)
	}
	if err := c.secure(client, s.TLS); err != nil {
		return err
	}
	if c.user != "" {
		if _, kinds := client.Extension("AUTH"); !slices.Contains(strings.Fields(kinds), "PLAIN") {
			return fmt.Errorf("the server takes %q to say who one is, and not PLAIN", kinds)
		}
		if err := client.Auth(smtp.PlainAuth("", c.user, password, c.host)); err != nil {
			return answered(err)
		}
	}
	if _, most := client.Extension("SIZE"); most != "" {
		if n, err := strconv.Atoi(most); err == nil && n > 0 && len(raw) > n {
			return fmt.Errorf("the mail of %d bytes is longer than the %d that the server takes: name fewer formats", len(raw), n)
		}
	}
	if err := client.Mail(c.from.Address); err != nil {
		return answered(err)
	}
	for _, to := range c.addresses() {
		if err := client.Rcpt(to); err != nil {
			return answered(fmt.Errorf("%s: %w", to, err))
		}
	}
	body, err := client.Data()
	if err != nil {
		return answered(err)
	}
	if _, err = body.Write(raw); err == nil {
		err = body.Close()
	}
	if err != nil {
		if _, said := errors.AsType[*textproto.Error](err); !said {
			return fmt.Errorf("the server gives no answer, so the mail may have arrived or not: %w", err)
		}
		return answered(err)
	}
	_ = client.Quit() // the mail is taken; a bad farewell changes nothing
	return nil
}

// secure turns TLS on, or says why that cannot be.
func (c smtpChannel) secure(client *smtp.Client, settings *tls.Config) error {
	if ok, _ := client.Extension("STARTTLS"); !ok || c.open {
		if c.open {
			return nil
		}
		return errors.New("the server offers no STARTTLS; starttls=no sends without TLS, and without a password")
	}
	cfg := &tls.Config{MinVersion: tls.VersionTLS12}
	if settings != nil {
		cfg = settings.Clone()
	}
	cfg.ServerName = c.host
	return answered(client.StartTLS(cfg))
}

// answered tells a passing refusal and a broken connection from a final one.
func answered(err error) error {
	if err == nil {
		return nil
	}
	if said, ok := errors.AsType[*textproto.Error](err); ok {
		if said.Code/100 == 4 {
			return &passing{err: err}
		}
		return err
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return err
	}
	if _, ok := errors.AsType[net.Error](err); ok || errors.Is(err, io.EOF) {
		return &passing{err: err} // before the mail was handed over
	}
	return err
}
