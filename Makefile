# hubtriage - GNU make. `make help` lists the targets.
#
# Variables honoured: CC CFLAGS CPPFLAGS LDFLAGS PREFIX DESTDIR BUILD, DEV=1 (warnings are errors),
# SANITIZE=address,undefined.

BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
VERSION := $(shell sed -n 's/^\#define HT_VERSION_[A-Z]* *//p' include/hubtriage/hubtriage.h | paste -sd.)
SOMAJOR := 0

CFLAGS   ?= -O3 -g
PACKAGES := jansson nettle libpcre2-8 libisal libzstd sqlite3 yaml-0.1 zlib
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES))
PKG_LIBS   := $(shell pkg-config --libs $(PACKAGES)) -lcsv -lm

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wwrite-strings -Wvla -Wundef
WARNINGS += $(if $(DEV),-Werror)
SANITIZE_FLAGS := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
HT_CPPFLAGS := -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -Iinclude -Isrc $(PKG_CFLAGS) $(CPPFLAGS)
HT_CFLAGS   := -std=c11 -ffp-contract=off -pthread -fPIC -fvisibility=hidden $(WARNINGS) $(SANITIZE_FLAGS) $(CFLAGS)
COMPILE = $(CC) $(HT_CPPFLAGS) $(HT_CFLAGS) -MD -MP -c -o $@ $<
LINK    = $(CC) $(HT_CFLAGS) $(LDFLAGS) -o $@

STAGES    := base model input decode inventory store archive rules correlate classify compare report knowledge render simulate
LIB_SRC   := $(sort $(wildcard $(STAGES:%=src/%/*.c) src/pipeline/*.c src/*.c))
CLI_SRC   := $(sort $(wildcard src/cli/*.c))
BUILTIN   := $(BUILD)/src/simulate/builtin
ASSETS    := $(BUILD)/src/render/html_assets
LIB_OBJ   := $(LIB_SRC:%.c=$(BUILD)/%.o) $(BUILTIN).o $(ASSETS).o
CLI_OBJ   := $(CLI_SRC:%.c=$(BUILD)/%.o)
stage_obj  = $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard src/base/*.c src/model/*.c src/$(1)/*.c))) \
             $(if $(filter simulate,$(1)),$(BUILTIN).o) $(if $(filter render,$(1)),$(ASSETS).o)

all: $(BUILD)/hubtriage $(BUILD)/libhubtriage.a $(BUILD)/libhubtriage.so $(BUILD)/hubtriage.pc

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(COMPILE)

# What --version --verbose tells. The commit is that of the work tree, or what `git archive` wrote into scripts/commit; a
# folder within another project's work tree has none. Flags that hold the path of the build would make it differ.
COMMIT := $(shell git --git-dir=.git describe --always --dirty=+ --abbrev=12 --match= 2>/dev/null || grep -v Format scripts/commit)
FLAGS  := $(filter-out -ffile-prefix-map=% -fdebug-prefix-map=% -fmacro-prefix-map=%,$(strip $(CPPFLAGS) $(CFLAGS) $(SANITIZE_FLAGS)))
$(BUILD)/src/cli/version.o: HT_CPPFLAGS += $(if $(COMMIT),-DHT_CLI_COMMIT='"$(COMMIT)"') -DHT_CLI_FLAGS='"$(FLAGS)"'
$(BUILD)/src/cli/version.o: $(BUILD)/commit
$(BUILD)/commit: FORCE
	@mkdir -p $(@D)
	@echo '$(COMMIT) $(FLAGS)' | cmp -s - $@ || echo '$(COMMIT) $(FLAGS)' >$@
FORCE:

# The scenarios that the program carries.
SCENARIOS := $(sort $(wildcard testdata/scenarios/*.yaml))
$(BUILTIN).c: scripts/embed $(SCENARIOS)
	@mkdir -p $(@D)
	scripts/embed $(SCENARIOS) >$@
$(BUILTIN).o: $(BUILTIN).c
	$(COMPILE)

# Style and script of the HTML report, with their hashes.
$(ASSETS).c: scripts/embed-assets src/render/html/report.css src/render/html/report.js
	@mkdir -p $(@D)
	scripts/embed-assets style=src/render/html/report.css script=src/render/html/report.js >$@
$(ASSETS).o: $(ASSETS).c
	$(COMPILE)

$(BUILD)/libhubtriage.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcsD $@ $^

$(BUILD)/libhubtriage.so: $(LIB_OBJ)
	$(LINK).$(VERSION) -shared -Wl,-soname,libhubtriage.so.$(SOMAJOR) $^ $(PKG_LIBS)
	ln -sf libhubtriage.so.$(VERSION) $(BUILD)/libhubtriage.so.$(SOMAJOR)
	ln -sf libhubtriage.so.$(SOMAJOR) $@

$(BUILD)/hubtriage: $(CLI_OBJ) $(BUILD)/libhubtriage.a
	$(LINK) $^ $(PKG_LIBS)

PC_VALUES = -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@PACKAGES@|$(PACKAGES)|'
$(BUILD)/hubtriage.pc: scripts/hubtriage.pc.in Makefile include/hubtriage/hubtriage.h
	sed $(PC_VALUES) $< >$@

# Unit tests: a stage's test program is linked with base, model and that stage alone, which proves the layers.
UNIT_STAGES := $(foreach s,$(STAGES),$(if $(wildcard tests/unit/$(s)/*_test.c),$(s)))
UNIT_SRC    := $(foreach s,$(UNIT_STAGES),$(wildcard tests/unit/$(s)/*_test.c))
UNIT_BIN    := $(UNIT_SRC:tests/%.c=$(BUILD)/tests/%)
unit: $(UNIT_BIN)

# The command line is tested through its objects and the library's public symbols.
CLI_UNIT_BIN := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/cli/*_test.c))
unit: $(CLI_UNIT_BIN)
$(BUILD)/tests/unit/cli/%_test: $(BUILD)/tests/unit/cli/%_test.o $(filter-out %/main.o,$(CLI_OBJ)) $(BUILD)/libhubtriage.a
	$(LINK) $^ $(PKG_LIBS) -lcmocka

# The pipeline knows all stages.
unit: $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/pipeline/*_test.c))
$(BUILD)/tests/unit/pipeline/%_test: $(BUILD)/tests/unit/pipeline/%_test.o $(BUILD)/libhubtriage.a
	$(LINK) $^ $(PKG_LIBS) -lcmocka

define UNIT_RULE
$(BUILD)/tests/unit/$(1)/%_test: $(BUILD)/tests/unit/$(1)/%_test.o $(call stage_obj,$(1))
	$$(LINK) $$^ $$(PKG_LIBS) -lcmocka
endef
$(foreach s,$(STAGES),$(eval $(call UNIT_RULE,$(s))))

# A clock for the stages after decoding.
stages: $(BUILD)/tests/bench/stages

# A clock for the stages of reading.
reading: $(BUILD)/tests/bench/reading

# What `tests/run instructions` counts.
$(BUILD)/tests/bench/instructions.o: HT_CPPFLAGS += -DBENCH_CFLAGS='"$(CFLAGS)"'

# The scorer of `make accuracy`, and its unit tests, which see all of it but main().
ACCURACY_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tests/accuracy/*.c)))
$(BUILD)/tests/accuracy/score: $(ACCURACY_OBJ) $(BUILD)/libhubtriage.a
	$(LINK) $^ $(PKG_LIBS)

unit: $(BUILD)/tests/unit/accuracy/score_test
$(BUILD)/tests/unit/accuracy/score_test.o: HT_CPPFLAGS += -Itests/accuracy
$(BUILD)/tests/unit/accuracy/score_test: $(BUILD)/tests/unit/accuracy/score_test.o $(filter-out %/main.o,$(ACCURACY_OBJ)) $(BUILD)/libhubtriage.a
	$(LINK) $^ $(PKG_LIBS) -lcmocka

# Clocks, counters and tests that are a program of one file over the library: one thread against several, and scheduled
# runs against one over everything.
STATE_BIN := $(BUILD)/tests/state/splits $(BUILD)/tests/state/flips
BENCH_BIN := $(BUILD)/tests/bench/stages $(BUILD)/tests/bench/reading $(BUILD)/tests/bench/instructions
$(STATE_BIN) $(BENCH_BIN) $(BUILD)/tests/threads/threads: %: %.o $(BUILD)/libhubtriage.a
	$(LINK) $^ $(PKG_LIBS)

# Fuzz targets: with libFuzzer (`make fuzz`), and replayed on the corpus by any compiler (`make replay`).
FUZZ_SRC   := $(sort $(wildcard tests/fuzz/*_fuzz.c))
FUZZERS    := $(FUZZ_SRC:%.c=$(BUILD)/%)
REPLAYERS  := $(FUZZ_SRC:%_fuzz.c=$(BUILD)/%_replay)
fuzzers: $(FUZZERS)
replayers: $(REPLAYERS)
$(BUILD)/tests/fuzz/%_fuzz: $(BUILD)/tests/fuzz/%_fuzz.o $(BUILD)/libhubtriage.a
	$(LINK) -fsanitize=fuzzer $^ $(PKG_LIBS)
$(BUILD)/tests/fuzz/%_replay: $(BUILD)/tests/fuzz/%_fuzz.o $(BUILD)/tests/fuzz/replay.o $(BUILD)/libhubtriage.a
	$(LINK) $^ $(PKG_LIBS)
# What the program itself reads.
$(BUILD)/tests/fuzz/cli_%_fuzz: $(BUILD)/tests/fuzz/cli_%_fuzz.o $(filter-out %/main.o,$(CLI_OBJ)) $(BUILD)/libhubtriage.a
	$(LINK) -fsanitize=fuzzer $^ $(PKG_LIBS)
$(BUILD)/tests/fuzz/cli_%_replay: $(BUILD)/tests/fuzz/cli_%_fuzz.o $(BUILD)/tests/fuzz/replay.o $(filter-out %/main.o,$(CLI_OBJ)) $(BUILD)/libhubtriage.a
	$(LINK) $^ $(PKG_LIBS)

# Generated from the option table by the program itself.
COMPLETIONS := $(BUILD)/completions/hubtriage.bash $(BUILD)/completions/_hubtriage $(BUILD)/completions/hubtriage.fish
completions: $(COMPLETIONS)
$(BUILD)/completions/hubtriage.bash: $(BUILD)/hubtriage
	@mkdir -p $(@D)
	$< completion bash >$@
$(BUILD)/completions/_hubtriage: $(BUILD)/hubtriage
	@mkdir -p $(@D)
	$< completion zsh >$@
$(BUILD)/completions/hubtriage.fish: $(BUILD)/hubtriage
	@mkdir -p $(@D)
	$< completion fish >$@

man: $(BUILD)/hubtriage
	$< help --man >man/hubtriage.1
	scripts/make-causes-page $< >man/hubtriage-causes.7

# What the tests need, and the tests. scripts/test runs them all on a machine with nothing prepared.
tests: all unit replayers $(BUILD)/tests/accuracy/score $(BUILD)/tests/threads/threads $(STATE_BIN) $(BUILD)/tests/bench/instructions completions
check: tests
	BUILD=$(BUILD) tests/run
check-memory: tests
	BUILD=$(BUILD) tests/run unit replay cli formats
asan:
	$(MAKE) BUILD=$(BUILD)-asan SANITIZE=address DEV=1 check-memory
ubsan:
	$(MAKE) BUILD=$(BUILD)-ubsan SANITIZE=undefined DEV=1 check-memory
tsan:
	$(MAKE) BUILD=$(BUILD)-tsan SANITIZE=thread CFLAGS='-O1 -g' DEV=1 $(BUILD)-tsan/hubtriage
	BUILD=$(BUILD) TSAN=$(BUILD)-tsan/hubtriage tests/property/threads

FUZZ_SECONDS ?= 60
fuzz:
	$(MAKE) BUILD=$(BUILD)-fuzz CC=clang CFLAGS='-O1 -g' SANITIZE=fuzzer-no-link,address,undefined DEV=1 fuzzers
	BUILD=$(BUILD)-fuzz tests/fuzz/run $(FUZZ_SECONDS)

# How right the verdicts are, on fleets that nobody tuned on. SEEDS=, SCENARIOS= and DEVICES= choose others.
accuracy: all $(BUILD)/tests/accuracy/score
	BUILD=$(BUILD) tests/accuracy/run

# How fast, beside peers; SIZES=, SHAPES=, PEERS=, RUNS= and JSON= choose: see scripts/bench.
bench: $(BUILD)/hubtriage stages reading
	BUILD=$(BUILD) scripts/bench

# What an event and a device cost; SCALE=full goes to 100 million events.
scale: $(BUILD)/hubtriage
	BUILD=$(BUILD) scripts/scale

performance:
	scripts/make-performance

lint:
	BUILD=$(BUILD) scripts/lint

DOCS := README.md ARCHITECTURE.md CHANGELOG.md LICENSE
BIN := $(DESTDIR)$(PREFIX)/bin
LIB := $(DESTDIR)$(PREFIX)/lib
SHARE := $(DESTDIR)$(PREFIX)/share
install: all completions
	install -d $(BIN) $(LIB)/pkgconfig $(DESTDIR)$(PREFIX)/include/hubtriage $(SHARE)/man/man1 $(SHARE)/man/man5 $(SHARE)/man/man7 $(SHARE)/hubtriage \
	  $(SHARE)/doc/hubtriage $(SHARE)/bash-completion/completions $(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d
	install -m 755 $(BUILD)/hubtriage $(BIN)/hubtriage
	install -m 644 include/hubtriage/*.h $(DESTDIR)$(PREFIX)/include/hubtriage/
	install -m 644 $(BUILD)/libhubtriage.a $(LIB)/
	install -m 755 $(BUILD)/libhubtriage.so.$(VERSION) $(LIB)/
	ln -sf libhubtriage.so.$(VERSION) $(LIB)/libhubtriage.so.$(SOMAJOR)
	ln -sf libhubtriage.so.$(SOMAJOR) $(LIB)/libhubtriage.so
	sed $(PC_VALUES) scripts/hubtriage.pc.in >$(LIB)/pkgconfig/hubtriage.pc
	install -m 644 man/hubtriage.1 $(SHARE)/man/man1/
	install -m 644 man/hubtriage.conf.5 man/hubtriage-archive.5 man/hubtriage-rules.5 man/hubtriage-scenario.5 $(SHARE)/man/man5/
	install -m 644 man/hubtriage-causes.7 $(SHARE)/man/man7/
	install -m 644 src/render/report.schema.json src/render/device.schema.json src/render/check.schema.json src/render/explain.schema.json $(SHARE)/hubtriage/
	install -m 644 $(DOCS) $(SHARE)/doc/hubtriage/
	install -m 644 $(BUILD)/completions/hubtriage.bash $(SHARE)/bash-completion/completions/hubtriage
	install -m 644 $(BUILD)/completions/_hubtriage $(SHARE)/zsh/site-functions/_hubtriage
	install -m 644 $(BUILD)/completions/hubtriage.fish $(SHARE)/fish/vendor_completions.d/hubtriage.fish

uninstall:
	rm -f $(BIN)/hubtriage $(LIB)/libhubtriage.* $(LIB)/pkgconfig/hubtriage.pc $(SHARE)/man/man1/hubtriage.1 \
	  $(SHARE)/man/man5/hubtriage.conf.5 $(SHARE)/man/man5/hubtriage-archive.5 $(SHARE)/man/man5/hubtriage-rules.5 $(SHARE)/man/man5/hubtriage-scenario.5 $(SHARE)/man/man7/hubtriage-causes.7 \
	  $(SHARE)/bash-completion/completions/hubtriage $(SHARE)/zsh/site-functions/_hubtriage \
	  $(SHARE)/fish/vendor_completions.d/hubtriage.fish
	rm -rf $(DESTDIR)$(PREFIX)/include/hubtriage $(SHARE)/hubtriage $(SHARE)/doc/hubtriage

# Reproducible: sorted names, no owner, the commit's time, no time in the gzip header.
dist:
	@mkdir -p $(BUILD)
	git archive --format=tar --prefix=hubtriage-$(VERSION)/ HEAD | gzip -9n >$(BUILD)/hubtriage-$(VERSION).tar.gz

help:
	@echo 'all check accuracy asan ubsan tsan fuzz bench scale performance lint man install uninstall dist clean'

clean:
	rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-ubsan $(BUILD)-tsan $(BUILD)-fuzz

.PHONY: all FORCE unit accuracy stages reading fuzzers replayers completions man tests check check-memory asan ubsan tsan fuzz bench scale performance lint install uninstall dist help clean
.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
