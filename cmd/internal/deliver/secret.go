package deliver

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"sort"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// Reference says where a secret stands: env:NAME, ssm:/path (a SecureString is
// decrypted) or secretsmanager:NAME-OR-ARN, with #KEY for one key of a secret
// that is a JSON object.
type Reference struct{ store, name, key string }

const wantReference = "want a reference, env:NAME, ssm:/path or secretsmanager:NAME-OR-ARN[#KEY]; a secret itself must not stand here"

// ParseReference reads a reference. Errors do not repeat it: it may be the
// secret itself, by mistake.
func ParseReference(text string) (Reference, error) {
	store, name, _ := strings.Cut(text, ":")
	r := Reference{store: store, name: name}
	switch store {
	case "env":
		if strings.ContainsFunc(name, func(c rune) bool { return c != '_' && !PlainName(string(c)) && (c < '0' || c > '9') }) {
			return Reference{}, errors.New(wantReference)
		}
	case "ssm":
		if !strings.HasPrefix(name, "/") && !strings.HasPrefix(name, "arn:") {
			return Reference{}, errors.New("ssm: the parameter's path begins with a slash; " + wantReference)
		}
	case "secretsmanager":
		r.name, r.key, _ = strings.Cut(name, "#")
	default:
		return Reference{}, errors.New(wantReference)
	}
	if r.name == "" || strings.ContainsAny(r.name, " ?&") {
		return Reference{}, errors.New(wantReference)
	}
	return r, nil
}

// String is the reference as it was given.
func (r Reference) String() string {
	text := r.store + ":" + r.name
	if r.key != "" {
		text += "#" + r.key
	}
	return text
}

// planned is the reference as a dry run shows it, which asks nobody but the
// environment.
func (r Reference) planned(env func(string) (string, bool)) string {
	if r.store != "env" {
		return r.String() + " (not read)"
	}
	if v, _ := env(r.name); strings.TrimSpace(v) == "" {
		return r.String() + " (not set)"
	}
	return r.String() + " (set)"
}

// secret is what a reference stands for; from here on it is taken out of
// errors.
func (s *session) secret(ctx context.Context, r Reference) (string, error) {
	value, err := s.fetch(ctx, r)
	if err != nil {
		return "", fmt.Errorf("reading the secret %s: %w", r, err)
	}
	if value = strings.TrimSpace(value); value == "" {
		return "", fmt.Errorf("reading the secret %s: it is empty or not set", r)
	}
	s.hide(value, r)
	return value, nil
}

func (s *session) fetch(ctx context.Context, r Reference) (string, error) {
	if r.store == "env" {
		value, _ := s.Env(r.name)
		return value, nil
	}
	cfg, err := s.aws(ctx, "")
	if err != nil {
		return "", err
	}
	if where, err := arn.Parse(r.name); err == nil {
		cfg.Region = where.Region
	}
	if r.store == "ssm" {
		out, err := ssm.NewFromConfig(cfg).GetParameter(ctx, &ssm.GetParameterInput{Name: &r.name, WithDecryption: aws.Bool(true)})
		if err != nil || out.Parameter == nil {
			return "", err
		}
		return aws.ToString(out.Parameter.Value), nil
	}
	out, err := secretsmanager.NewFromConfig(cfg).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &r.name})
	if err != nil {
		return "", err
	}
	text := aws.ToString(out.SecretString)
	if r.key == "" {
		return text, nil
	}
	var object map[string]json.RawMessage
	var value string
	// The decoder's errors quote what they read.
	if json.Unmarshal([]byte(text), &object) != nil || json.Unmarshal(object[r.key], &value) != nil {
		return "", fmt.Errorf("it is no JSON object with a text under %q", r.key)
	}
	return value, nil
}

// hide has a secret, and the forms in which a server or a library repeats it,
// replaced by its reference in every error.
func (s *session) hide(value string, r Reference) {
	forms := []string{value, url.QueryEscape(value), url.PathEscape(value), base64.StdEncoding.EncodeToString([]byte(value))}
	if u, err := url.Parse(value); err == nil && u.Host != "" {
		// The path and the signature of a webhook are its secret, also apart.
		forms = append(forms, u.RequestURI(), u.Path, u.RawQuery)
		for _, list := range u.Query() {
			forms = append(forms, list...)
		}
		forms = append(forms, strings.Split(u.Path, "/")...)
	}
	for _, form := range forms {
		if form == value || len(form) >= 6 { // shorter parts stand in ordinary words
			s.hidden = append(s.hidden, hiddenText{form, r.String()})
		}
	}
	sort.SliceStable(s.hidden, func(i, j int) bool { return len(s.hidden[i].text) > len(s.hidden[j].text) })
}

type hiddenText struct{ text, reference string }

// scrub takes the secrets that were read out of a text from outside.
func (s *session) scrub(text string) string {
	for _, h := range s.hidden {
		text = strings.ReplaceAll(text, h.text, "["+h.reference+"]")
	}
	return text
}
