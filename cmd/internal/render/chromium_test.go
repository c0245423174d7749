//go:build e2e

package render

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// browser is a headless Chromium that is spoken to over a pipe, in the DevTools
// protocol: a JSON message with a NUL behind it.
// Source: chromedevtools.github.io/devtools-protocol, --remote-debugging-pipe.
type browser struct {
	t       *testing.T
	to      *os.File
	session string
	mu      sync.Mutex
	id      int
	replies map[int]chan json.RawMessage
	// events are those of consoles, exceptions and requests, in order.
	events []event
	loaded chan struct{}
}

type event struct {
	Method string
	Params json.RawMessage
}

// startBrowser starts Chromium, or skips the test where there is none.
func startBrowser(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("no chromium in PATH: apt-get install chromium")
	}
	inRead, inWrite, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	outRead, outWrite, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
		"--remote-debugging-pipe", "--user-data-dir="+t.TempDir(), "about:blank")
	cmd.ExtraFiles = []*os.File{inRead, outWrite} // file descriptors 3 and 4
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	inRead.Close()
	outWrite.Close()
	b := &browser{t: t, to: inWrite, replies: map[int]chan json.RawMessage{}, loaded: make(chan struct{}, 1)}
	go b.read(outRead)
	t.Cleanup(func() {
		b.session = ""
		b.call("Browser.close", nil)
		inWrite.Close()
		if err := cmd.Wait(); err != nil {
			t.Logf("chromium: %v", err)
		}
	})
	var target struct{ TargetID string }
	b.into(&target, "Target.createTarget", map[string]any{"url": "about:blank"})
	var attached struct{ SessionID string }
	b.into(&attached, "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true})
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network", "Performance"} {
		b.call(domain+".enable", nil)
	}
	return b
}

func (b *browser) read(from *os.File) {
	defer from.Close()
	in := bufio.NewReaderSize(from, 1<<20)
	for {
		data, err := in.ReadBytes(0)
		if err != nil {
			return
		}
		var message struct {
			ID     int
			Method string
			Params json.RawMessage
			Result json.RawMessage
			Error  *struct{ Message string }
		}
		if json.Unmarshal(data[:len(data)-1], &message) != nil {
			continue
		}
		b.mu.Lock()
		switch {
		case message.ID != 0:
			if message.Error != nil {
				message.Result = json.RawMessage(fmt.Sprintf(`{"failed":%q}`, message.Error.Message))
			}
			b.replies[message.ID] <- message.Result
		case message.Method == "Page.loadEventFired":
			select {
			case b.loaded <- struct{}{}:
			default:
			}
		case message.Method == "Runtime.consoleAPICalled", message.Method == "Runtime.exceptionThrown", message.Method == "Log.entryAdded", message.Method == "Network.requestWillBeSent":
			b.events = append(b.events, event{message.Method, message.Params})
		}
		b.mu.Unlock()
	}
}

// call sends a command and waits for its result.
func (b *browser) call(method string, params any) json.RawMessage {
	b.t.Helper()
	b.mu.Lock()
	b.id++
	id, reply := b.id, make(chan json.RawMessage, 1)
	b.replies[id] = reply
	b.mu.Unlock()
	message := map[string]any{"id": id, "method": method}
	if params != nil {
		message["params"] = params
	}
	if b.session != "" {
		message["sessionId"] = b.session
	}
	data, err := json.Marshal(message)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.to.Write(append(data, 0)); err != nil {
		b.t.Fatal(err)
	}
	select {
	case result := <-reply:
		if strings.HasPrefix(string(result), `{"failed":`) {
			b.t.Fatalf("%s: %s", method, result)
		}
		return result
	case <-time.After(30 * time.Second):
		b.t.Fatalf("%s: no answer in 30 s", method)
		return nil
	}
}

func (b *browser) into(out any, method string, params any) {
	b.t.Helper()
	if err := json.Unmarshal(b.call(method, params), out); err != nil {
		b.t.Fatal(err)
	}
}

// open loads a file in a window of a width and a theme, and forgets what was before.
func (b *browser) open(path string, width int, theme string) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600})
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]any{"name": "prefers-color-scheme", "value": theme}}})
	b.mu.Lock()
	b.events = nil
	b.mu.Unlock()
	select {
	case <-b.loaded:
	default:
	}
	b.call("Page.navigate", map[string]any{"url": "file://" + path})
	select {
	case <-b.loaded:
	case <-time.After(30 * time.Second):
		b.t.Fatal("the page does not load in 30 s")
	}
}

// eval runs a script in the page and reads its value.
func (b *browser) eval(out any, script string) {
	b.t.Helper()
	var reply struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails json.RawMessage
	}
	b.into(&reply, "Runtime.evaluate", map[string]any{"expression": script, "returnByValue": true, "awaitPromise": true})
	if reply.ExceptionDetails != nil {
		b.t.Fatalf("%s: %s", script, reply.ExceptionDetails)
	}
	if err := json.Unmarshal(reply.Result.Value, out); err != nil {
		b.t.Fatalf("%s: %v: %s", script, err, reply.Result.Value)
	}
}

// shoot keeps a picture where SCREENSHOTS names a folder.
func (b *browser) shoot(name string) {
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		return
	}
	var picture struct{ Data string }
	b.into(&picture, "Page.captureScreenshot", map[string]any{"format": "png"})
	data, err := base64.StdEncoding.DecodeString(picture.Data)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), data, 0o644)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// complaints are console messages, exceptions, and requests of anything but the page
// itself and data: addresses.
func (b *browser) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []string
	for _, e := range b.events {
		if e.Method != "Network.requestWillBeSent" {
			all = append(all, e.Method+" "+string(e.Params))
			continue
		}
		var request struct {
			Type    string
			Request struct{ URL string }
		}
		if err := json.Unmarshal(e.Params, &request); err != nil || request.Type != "Document" && !strings.HasPrefix(request.Request.URL, "data:") {
			all = append(all, "request of "+request.Request.URL)
		}
	}
	return all
}
