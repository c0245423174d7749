package intake

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/sirupsen/logrus"
)

// asked is what a container asks for, as far as a price depends on it.
type asked struct {
	Image, Platform, Network string
	Limit, Reservation       float64 // CPUs
	Hard, Soft               float64 // GB
	Replicas                 float64 // -1 where nothing is said
	GPUs                     int     // -1 for all
	Volumes, Secrets         []string
	Ports                    []int
}

// The Compose reader has its own tree, for the sake of the program's start; what
// it makes of a file is what compose-go, the reference implementation, makes of it.
func TestComposeAgreesWithComposeGo(t *testing.T) {
	logrus.SetOutput(io.Discard)
	texts := map[string]string{
		"sizes": "services:\n  a: {image: x, deploy: {replicas: 3, resources: {limits: {cpus: '0.5', memory: 1.5G}, reservations: {cpus: 0.25, memory: 256m}}}}\n" +
			"  b: {image: x, cpus: 1.5, mem_limit: 512mb, mem_reservation: 64000kB, scale: 2}\n  c: {image: x, deploy: {resources: {limits: {memory: 134217728b}}}}\n",
		"defaults": "services:\n  a: {image: 'x:${TAG:-1.2}', deploy: {replicas: '${N:-4}', resources: {limits: {memory: '${M-1g}'}}}, ports: ['${P:-8080}:80']}\n",
		"merges": "x-base: &base {image: x, deploy: &deploy {replicas: 2}}\nservices:\n  a: {<<: *base}\n  b:\n    <<: *base\n    deploy: {<<: *deploy, replicas: 5}\n" +
			"  c: {<<: [*base], image: y}\n",
		"extends": "services:\n  base: {image: x, ports: ['80:80'], volumes: ['vol:/v'], deploy: {replicas: 2, resources: {limits: {cpus: '1', memory: 2g}}}}\n" +
			"  a: {extends: base, ports: ['81:81'], deploy: {replicas: 3}}\n  b: {extends: {service: a}, image: z, deploy: {resources: {limits: {memory: 4g}}}}\nvolumes: {vol: {}}\n",
		"ports": "services:\n  a: {image: x, ports: [80, '8080:81', '127.0.0.1:8081:82', '53:53/udp', '[::1]:90:91', {target: 99, published: '100', mode: host}]}\n",
		"mounts": "services:\n  a: {image: x, volumes: ['vol:/v', './b:/b', '/c', {type: volume, source: w, target: /w}, {type: bind, source: ./x, target: /x}, {type: tmpfs, target: /t}], " +
			"secrets: [s, {source: r, target: q}]}\nvolumes: {vol: {}, w: {}}\nsecrets: {s: {file: ./s}, r: {external: true}}\n",
		"gpus": "services:\n  a: {image: x, gpus: all}\n  b: {image: x, gpus: [{count: 2}]}\n  c: {image: x, deploy: {resources: {reservations: {devices: [{capabilities: [gpu], count: 3}, {capabilities: [tpu], count: 5}]}}}}\n" +
			"  d: {image: x, deploy: {resources: {reservations: {devices: [{capabilities: [gpu], device_ids: ['0', '3']}]}}}}\n  e: {image: x, deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}}\n",
		"other": "services:\n  a: {image: x, platform: linux/arm64, network_mode: 'service:b', environment: [A=b, C], env_file: [a.env], command: [sh]}\n  b: {build: ., restart: always}\n",
	}
	for _, file := range composeFiles(t) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(file)] = string(data)
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			want, got := byComposeGo(t, text), byThisPackage(t, text)
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.EquateApprox(1e-6, 0)); diff != "" {
				t.Errorf("compose-go (-) and this package (+) differ:\n%s", diff)
			}
		})
	}
}

// composeFiles are our own cases, and those of others that are at hand.
func composeFiles(t *testing.T) []string {
	own, err := filepath.Glob("../../fixtures/cases/*/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	others, _ := filepath.Glob("../../../shared/cases/compose/*")
	return append(own, others...)
}

func byComposeGo(t *testing.T, text string) map[string]asked {
	t.Helper()
	details := types.ConfigDetails{WorkingDir: t.TempDir(), ConfigFiles: []types.ConfigFile{{Filename: "compose.yaml", Content: []byte(text)}}}
	project, err := loader.LoadWithContext(context.Background(), details, func(o *loader.Options) {
		o.SkipResolveEnvironment, o.SkipConsistencyCheck, o.SkipNormalization, o.SkipValidation = true, true, true, true
		o.Profiles = []string{"*"}
		o.SetProjectName("x", true)
	})
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]asked)
	for name, s := range project.Services {
		a := asked{Image: s.Image, Platform: s.Platform, Network: s.NetworkMode, Replicas: -1}
		a.Limit, a.Hard, a.Soft = float64(s.CPUS), float64(s.MemLimit)/(1<<30), float64(s.MemReservation)/(1<<30)
		if s.Scale != nil {
			a.Replicas = float64(*s.Scale)
		}
		devices := s.Gpus
		if d := s.Deploy; d != nil {
			if d.Replicas != nil {
				a.Replicas = float64(*d.Replicas)
			}
			if l := d.Resources.Limits; l != nil {
				a.Limit, a.Hard = float64(l.NanoCPUs), float64(l.MemoryBytes)/(1<<30)
			}
			if r := d.Resources.Reservations; r != nil {
				a.Reservation, a.Soft = float64(r.NanoCPUs), float64(r.MemoryBytes)/(1<<30)
				devices = append(devices, r.Devices...)
			}
		}
		for _, d := range devices {
			if len(s.Gpus) > 0 || slices.Contains(d.Capabilities, "gpu") {
				a.GPUs += gpusOf(d)
			}
		}
		for _, v := range s.Volumes {
			if v.Type == types.VolumeTypeVolume && v.Source != "" {
				a.Volumes = append(a.Volumes, v.Source)
			}
		}
		for _, secret := range s.Secrets {
			a.Secrets = append(a.Secrets, secret.Source)
		}
		for _, p := range s.Ports {
			if !loopback(p.HostIP) {
				a.Ports = append(a.Ports, int(p.Target))
			}
		}
		all[name] = a
	}
	return all
}

func gpusOf(d types.DeviceRequest) int {
	if len(d.IDs) > 0 {
		return len(d.IDs)
	}
	if d.Count <= 0 {
		return 1 // all of them: one is assumed
	}
	return int(d.Count)
}

func byThisPackage(t *testing.T, text string) map[string]asked {
	t.Helper()
	in, err := openAs("compose.yaml", []byte(text), Compose)
	if err != nil {
		t.Fatal(err)
	}
	model, errs := loadCompose(in, Options{})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	all := make(map[string]asked)
	for i, at := range model.services {
		r := &composeReader{model: model, tool: plainCompose}
		u := &composeUnit{name: model.names[i], at: at}
		r.read(u)
		a := asked{Image: u.image, Platform: at.get("platform").name("a platform"), Network: at.get("network_mode").name("a mode"), Replicas: -1, GPUs: u.gpus}
		if u.replicas.Stated() {
			a.Replicas = u.replicas.Value
		}
		a.Hard, a.Soft, a.Limit = u.hard.Value, u.soft.Value, u.cpu.Value
		if r := at.get("deploy").get("resources").get("reservations").get("cpus"); r.here() {
			a.Reservation = r.number(parseCPUs, wantCPUs).Value
			if !at.get("deploy").get("resources").get("limits").get("cpus").here() {
				a.Limit = 0
			}
		}
		a.Volumes = u.volumes
		for _, s := range u.secrets {
			if !strings.HasPrefix(s, "arn:") && !at.get("x-aws-pull_credentials").here() {
				a.Secrets = append(a.Secrets, s)
			}
		}
		for _, p := range u.ports {
			a.Ports = append(a.Ports, p.target)
		}
		all[model.names[i]] = a
	}
	return all
}
