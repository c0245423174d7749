package deliver

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
)

// smtpServer speaks as much SMTP as a client needs, and can be told to refuse.
type smtpServer struct {
	listener net.Listener
	tls      *tls.Config // nil offers no STARTTLS
	roots    *x509.CertPool
	extra    []string          // of the answer to EHLO
	replies  map[string]string // by the first word; each is used once, "drop" hangs up
	log      []string
	mails    []string
	done     chan struct{}
}

func newSMTPServer(t *testing.T, withTLS bool, replies map[string]string, extra ...string) *smtpServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &smtpServer{listener: listener, replies: replies, extra: extra, done: make(chan struct{})}
	if withTLS {
		web := httptest.NewUnstartedServer(nil) // has a certificate for 127.0.0.1
		web.StartTLS()
		s.tls, s.roots = &tls.Config{Certificates: web.TLS.Certificates}, x509.NewCertPool()
		s.roots.AddCert(web.Certificate())
		web.Close()
	}
	go func() {
		defer close(s.done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.talk(conn)
			conn.Close()
		}
	}()
	return s
}

// close ends the server; then its log can be read.
func (s *smtpServer) close() { s.listener.Close(); <-s.done }

func (s *smtpServer) talk(conn net.Conn) {
	in := bufio.NewReader(conn)
	secure := false
	fmt.Fprint(conn, "220 test\r\n")
	for {
		text, err := in.ReadString('\n')
		if err != nil {
			return
		}
		text = strings.TrimRight(text, "\r\n")
		word, _, _ := strings.Cut(text, " ")
		s.log = append(s.log, text)
		if reply, ok := s.replies[word]; ok {
			delete(s.replies, word)
			if reply == "drop" {
				return
			}
			fmt.Fprint(conn, reply+"\r\n")
			continue
		}
		switch word {
		case "EHLO":
			lines := append([]string{"test"}, s.extra...)
			if s.tls != nil && !secure {
				lines = append(lines, "STARTTLS")
			}
			for i, l := range lines {
				sep := "-"
				if i == len(lines)-1 {
					sep = " "
				}
				fmt.Fprintf(conn, "250%s%s\r\n", sep, l)
			}
		case "STARTTLS":
			fmt.Fprint(conn, "220 go on\r\n")
			upgraded := tls.Server(conn, s.tls)
			conn, in, secure = upgraded, bufio.NewReader(upgraded), true
		case "AUTH":
			fmt.Fprint(conn, "235 welcome\r\n")
		case "DATA":
			fmt.Fprint(conn, "354 go on\r\n")
			var mail strings.Builder
			for {
				l, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if l == ".\r\n" {
					break
				}
				mail.WriteString(strings.TrimPrefix(l, "."))
			}
			if s.replies["after"] == "drop" {
				return
			}
			s.mails = append(s.mails, mail.String())
			fmt.Fprint(conn, "250 taken\r\n")
		case "QUIT":
			fmt.Fprint(conn, "221 bye\r\n")
			return
		default:
			fmt.Fprint(conn, "250 ok\r\n")
		}
	}
}

func TestSMTP(t *testing.T) {
	const password = "correct-TOPSECRET-horse"
	const login = "&user=reports&password=env:SMTP_PASSWORD"
	plain := base64.StdEncoding.EncodeToString([]byte("\x00reports\x00" + password))
	for _, tt := range []struct {
		name, options string
		withTLS       bool
		extra         []string
		replies       map[string]string
		want          string
		mails, pauses int
	}{
		{name: "TLS and password", options: login, withTLS: true, extra: []string{"AUTH LOGIN PLAIN"}, mails: 1},
		{name: "TLS alone", withTLS: true, mails: 1},
		{name: "no TLS wanted", options: "&starttls=no", mails: 1},
		{name: "no TLS offered", want: "the server offers no STARTTLS; starttls=no sends without TLS, and without a password"},
		{name: "greylisted once", withTLS: true, replies: map[string]string{"RCPT": "451 come back later"}, mails: 1, pauses: 1},
		{name: "hung up once", withTLS: true, replies: map[string]string{"MAIL": "drop"}, mails: 1, pauses: 1},
		{name: "no such mailbox", withTLS: true, replies: map[string]string{"RCPT": "550 no such mailbox"}, want: `a@example.com: 550 "no such mailbox"`},
		{name: "wrong password", options: login, withTLS: true, extra: []string{"AUTH PLAIN"}, replies: map[string]string{"AUTH": "535 bad " + password + " " + plain}, want: `535 "bad [env:SMTP_PASSWORD] [env:SMTP_PASSWORD]"`},
		{name: "other ways in", options: login, withTLS: true, extra: []string{"AUTH XOAUTH2"}, want: `the server takes "XOAUTH2" to say who one is, and not PLAIN`},
		{name: "too long", withTLS: true, extra: []string{"SIZE 1000"}, want: "is longer than the 1000 that the server takes: name fewer formats"},
		{name: "lost answer", withTLS: true, replies: map[string]string{"after": "drop"}, want: "the server gives no answer, so the mail may have arrived or not: EOF"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSMTPServer(t, tt.withTLS, tt.replies, tt.extra...)
			o := newOutside(newInbox(t), map[string]string{"SMTP_PASSWORD": password})
			if s.roots != nil {
				o.TLS = &tls.Config{RootCAs: s.roots}
			}
			r := Deliver(context.Background(), o.System, named(hostile), parse(t, "smtp://"+s.listener.Addr().String()+"?from=r@example.com&to=a@example.com,b@example.com"+tt.options), Options{})
			s.close()
			err := Err(r)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error\n got %v\nwant %s", err, tt.want)
			}
			if len(s.mails) != tt.mails || len(o.pauses) != tt.pauses {
				t.Errorf("%d mails, pauses %v; the server heard %q", len(s.mails), o.pauses, s.log)
			}
			if strings.Contains(fmt.Sprint(r, err), "SECRET") {
				t.Errorf("the password is seen: %v %v", r, err)
			}
			for _, m := range s.mails {
				if len(open(t, m).parts) != 3 {
					t.Errorf("the mail: %s", m)
				}
			}
			if tt.options == login && err == nil && s.log[3] != "AUTH PLAIN "+plain {
				t.Errorf("the server heard %q", s.log)
			}
		})
	}
	// A certificate of someone else is refused, and nothing is sent.
	s := newSMTPServer(t, true, nil)
	o := newOutside(newInbox(t), nil)
	err := Err(Deliver(context.Background(), o.System, report(), parse(t, "smtp://"+s.listener.Addr().String()+"?from=r@example.com&to=a@example.com"), Options{}))
	s.close()
	if err == nil || !strings.Contains(err.Error(), "tls: failed to verify certificate") || len(o.pauses) > 0 || len(s.mails) > 0 {
		t.Errorf("error %v, pauses %v", err, o.pauses)
	}
}
