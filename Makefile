# hubtriage - GNU make. `make help` lists the targets.
#
# Variables honoured: CC CFLAGS CPPFLAGS LDFLAGS PREFIX DESTDIR BUILD, DEV=1 (warnings are errors),
# SANITIZE=address,undefined.

BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
VERSION := $(shell sed -n 's/^\#define HT_VERSION_[A-Z]* *//p' include/hubtriage/hubtriage.h | paste -sd.)
SOMAJOR := 0

CFLAGS   ?= -O2 -g
PACKAGES := jansson libpcre2-8
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES))
PKG_LIBS   := $(shell pkg-config --libs $(PACKAGES)) -lm

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wwrite-strings -Wvla -Wundef
WARNINGS += $(if $(DEV),-Werror)
SANITIZE_FLAGS := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
HT_CPPFLAGS := -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -Iinclude -Isrc $(PKG_CFLAGS) $(CPPFLAGS)
HT_CFLAGS   := -std=c11 -fPIC -fvisibility=hidden $(WARNINGS) $(SANITIZE_FLAGS) $(CFLAGS)
COMPILE = $(CC) $(HT_CPPFLAGS) $(HT_CFLAGS) -MD -MP -c -o $@ $<
LINK    = $(CC) $(HT_CFLAGS) $(LDFLAGS) -o $@

STAGES    := base model input decode store correlate classify report render
LIB_SRC   := $(sort $(wildcard $(STAGES:%=src/%/*.c))) src/hubtriage.c
CLI_SRC   := $(sort $(wildcard src/cli/*.c))
LIB_OBJ   := $(LIB_SRC:%.c=$(BUILD)/%.o)
CLI_OBJ   := $(CLI_SRC:%.c=$(BUILD)/%.o)
stage_obj  = $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard src/base/*.c src/model/*.c src/$(1)/*.c)))

all: $(BUILD)/hubtriage $(BUILD)/libhubtriage.a $(BUILD)/libhubtriage.so $(BUILD)/hubtriage.pc

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
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

$(BUILD)/hubtriage.pc: scripts/hubtriage.pc.in include/hubtriage/hubtriage.h
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' $< >$@

# Unit tests: a stage's test program is linked with base, model and that stage alone, which proves the layers.
UNIT_STAGES := $(foreach s,$(STAGES),$(if $(wildcard tests/unit/$(s)/*_test.c),$(s)))
UNIT_SRC    := $(foreach s,$(UNIT_STAGES),$(wildcard tests/unit/$(s)/*_test.c))
UNIT_BIN    := $(UNIT_SRC:tests/%.c=$(BUILD)/tests/%)
unit: $(UNIT_BIN)

define UNIT_RULE
$(BUILD)/tests/unit/$(1)/%_test: $(BUILD)/tests/unit/$(1)/%_test.o $(call stage_obj,$(1))
	$$(LINK) $$^ $$(PKG_LIBS) -lcmocka
endef
$(foreach s,$(STAGES),$(eval $(call UNIT_RULE,$(s))))

# The generator of labelled fleets and the scorer.
FLEET_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tests/fleet/*.c)))
fleet: $(BUILD)/tests/fleet/fleet
$(BUILD)/tests/fleet/fleet: $(FLEET_OBJ)
	$(LINK) $^ -ljansson -lm

clean:
	rm -rf $(BUILD)

.PHONY: all unit fleet clean
.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
