/* A host in C: nothing in it has told the system what to do with SIGPIPE, as Rust's runtime does in every Rust program.
 *
 *     host PLUGIN STATE RECORD SECONDS
 *
 * Loads the CLAP plugin with a saved state, plays a tone in real time, turns parameter number RECORD on for the last SECONDS,
 * and lets the plugin go. Exits with 0 if it has lived to see that.
 */
#include <dlfcn.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The part of CLAP 1.2 that is needed (free-audio/clap, include/clap). */
typedef struct { uint32_t major, minor, revision; } version;
typedef struct host host;
struct host {
    version clap_version;
    void *data;
    const char *name, *vendor, *url, *version;
    const void *(*get_extension)(const host *, const char *);
    void (*request_restart)(const host *), (*request_process)(const host *), (*request_callback)(const host *);
};
typedef struct { uint32_t size, time; uint16_t space, type; uint32_t flags; } header;
typedef struct {
    header head;
    uint32_t param;
    void *cookie;
    int32_t note;
    int16_t port, channel, key;
    double value;
} param_value;
typedef struct in_events in_events;
struct in_events { void *data; uint32_t (*size)(const in_events *); const header *(*get)(const in_events *, uint32_t); };
typedef struct out_events out_events;
struct out_events { void *data; bool (*try_push)(const out_events *, const header *); };
typedef struct { float **data32; double **data64; uint32_t channels, latency; uint64_t constant; } buffer;
typedef struct {
    int64_t steady_time;
    uint32_t frames;
    const void *transport;
    const buffer *inputs;
    buffer *outputs;
    uint32_t input_count, output_count;
    const in_events *in;
    const out_events *out;
} block;
typedef struct plugin plugin;
struct plugin {
    const void *descriptor;
    void *data;
    bool (*init)(const plugin *);
    void (*destroy)(const plugin *);
    bool (*activate)(const plugin *, double, uint32_t, uint32_t);
    void (*deactivate)(const plugin *);
    bool (*start_processing)(const plugin *);
    void (*stop_processing)(const plugin *), (*reset)(const plugin *);
    int32_t (*process)(const plugin *, const block *);
    const void *(*get_extension)(const plugin *, const char *);
    void (*on_main_thread)(const plugin *);
};
typedef struct { version clap_version; const char *id; } descriptor;
typedef struct factory factory;
struct factory {
    uint32_t (*count)(const factory *);
    const descriptor *(*descriptor)(const factory *, uint32_t);
    const plugin *(*create)(const factory *, const host *, const char *);
};
typedef struct {
    version clap_version;
    bool (*init)(const char *);
    void (*deinit)(void);
    const void *(*get_factory)(const char *);
} entry;
typedef struct in_stream in_stream;
struct in_stream { FILE *file; int64_t (*read)(const in_stream *, void *, uint64_t); };
typedef struct { bool (*save)(const plugin *, const void *), (*load)(const plugin *, const in_stream *); } state;

enum { RATE_HZ = 48000, FRAMES = 512, PARAM_VALUE = 5 };

static const void *no_extension(const host *h, const char *id) { (void)h, (void)id; return NULL; }
static void nothing(const host *h) { (void)h; }
static int64_t read_file(const in_stream *from, void *to, uint64_t size) { return (int64_t)fread(to, 1, size, from->file); }
static uint32_t event_count(const in_events *events) { return events->data ? 1 : 0; }
static const header *event(const in_events *events, uint32_t index) { (void)index; return events->data; }
static bool take(const out_events *events, const header *head) { (void)events, (void)head; return true; }
static void need(bool ok, const char *what) {
    if (!ok) { fprintf(stderr, "host: %s\n", what); exit(2); }
}

static void play(const plugin *p, double seconds, const param_value *change) {
    static uint64_t position;
    float left[FRAMES], right[FRAMES], *channels[2] = {left, right};
    for (int done = 0; done < seconds * RATE_HZ; done += FRAMES) {
        for (int n = 0; n < FRAMES; n++) left[n] = right[n] = (float)(0.3 * sin(0.05 * (double)(position + n)));
        buffer io = {channels, NULL, 2, 0, 0};
        in_events in = {done == 0 ? (void *)change : NULL, event_count, event};
        out_events out = {NULL, take};
        block b = {(int64_t)position, FRAMES, NULL, &io, &io, 1, 1, &in, &out};
        p->process(p, &b);
        position += FRAMES;
        nanosleep(&(struct timespec){0, 1000000000L / RATE_HZ * FRAMES}, NULL);
    }
}

int main(int count, char **words) {
    need(count == 5, "PLUGIN STATE RECORD SECONDS");
    void *library = dlopen(words[1], RTLD_NOW | RTLD_LOCAL);
    need(library != NULL, "the plugin does not load");
    const entry *e = dlsym(library, "clap_entry");
    need(e && e->init(words[1]), "it has no entry");
    const factory *f = e->get_factory("clap.plugin-factory");
    need(f && f->count(f) > 0, "it has no factory");
    const host h = {{1, 2, 0}, NULL, "C", "", "", "1", no_extension, nothing, nothing, nothing};
    const plugin *p = f->create(f, &h, f->descriptor(f, 0)->id);
    need(p && p->init(p), "there is no instance");
    const state *s = p->get_extension(p, "clap.state");
    in_stream file = {fopen(words[2], "rb"), read_file};
    need(s && file.file && s->load(p, &file), "the state does not load");
    fclose(file.file);
    need(p->activate(p, RATE_HZ, 1, FRAMES) && p->start_processing(p), "it does not play");
    param_value record = {{sizeof record, 0, 0, PARAM_VALUE, 0}, (uint32_t)strtoul(words[3], NULL, 10), NULL, -1, -1, -1, -1, 1.0};
    play(p, 0.2, NULL);
    play(p, atof(words[4]), &record);
    p->stop_processing(p);
    p->deactivate(p);
    p->destroy(p);
    e->deinit();
    puts("alive");
    return 0;
}
