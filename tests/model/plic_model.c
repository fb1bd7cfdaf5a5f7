/* SPDX-License-Identifier: BSD-2-Clause */
#include "model/plic_model.h"

#include <string.h>

/* The lines of the specification's memory map: the first and the last word. */
enum kind { RESERVED, PRIORITY, PENDING, ENABLE, THRESHOLD, CLAIM };

struct place {
    enum kind kind;
    unsigned context;
    unsigned source; /* of bit 0, where a word is a bit a source */
};

static struct place place_of(uint32_t offset)
{
    if (offset >= 0x000004 && offset <= 0x000ffc)
        return (struct place){PRIORITY, 0, offset / 4};
    if (offset >= 0x001000 && offset <= 0x00107c)
        return (struct place){PENDING, 0, (offset - 0x1000) * 8};
    if (offset >= 0x002000 && offset <= 0x1f1ffc)
        return (struct place){ENABLE, (offset - 0x2000) >> 7, (offset & 0x7f) * 8};
    if (offset >= 0x200000 && (offset & 0xfff) == 0)
        return (struct place){THRESHOLD, (offset >> 12) - 0x200, 0};
    if (offset >= 0x200000 && (offset & 0xfff) == 4)
        return (struct place){CLAIM, (offset >> 12) - 0x200, 0};
    return (struct place){RESERVED, 0, 0};
}

static bool is_there(const struct plic_model *model, struct place place)
{
    if (place.kind == PRIORITY)
        return place.source < model->sources;
    if (place.kind == PENDING)
        return true;
    return place.kind != RESERVED && place.context < model->contexts;
}

void plic_model_init(struct plic_model *model, unsigned sources, unsigned contexts)
{
    memset(model, 0, sizeof *model);
    model->sources = sources;
    model->contexts = contexts;
}

/* A gateway: it forwards a high line when nothing is on its way and nothing is open. */
static void forward(struct plic_model_source *source)
{
    if (source->high && !source->open)
        source->pending = true;
}

void plic_model_line(struct plic_model *model, unsigned source, bool high)
{
    model->source[source].high = high;
    forward(&model->source[source]);
}

static bool can_be_claimed(const struct plic_model *model, unsigned context, unsigned source)
{
    return model->source[source].pending && model->enabled[context][source] &&
           model->source[source].priority > 0;
}

static unsigned claim(struct plic_model *model, unsigned context)
{
    for (unsigned priority = 7; priority > 0; priority--) {
        for (unsigned i = 1; i < model->sources; i++) {
            if (can_be_claimed(model, context, i) && model->source[i].priority == priority) {
                model->source[i].pending = false;
                model->source[i].open = true;
                return i;
            }
        }
    }
    return 0;
}

static void complete(struct plic_model *model, unsigned context, uint32_t source)
{
    if (source > 0 && source < model->sources && model->enabled[context][source]) {
        model->source[source].open = false;
        forward(&model->source[source]);
    }
}

static uint32_t gather(const struct plic_model *model, struct place place)
{
    uint32_t word = 0;

    for (unsigned bit = 0; bit < 32; bit++) {
        unsigned i = place.source + bit;
        bool is_set =
            place.kind == PENDING ? model->source[i].pending : model->enabled[place.context][i];
        if (is_set)
            word += UINT32_C(1) << bit;
    }
    return word;
}

uint32_t plic_model_load(struct plic_model *model, uint32_t offset)
{
    struct place place = place_of(offset);

    if (!is_there(model, place))
        return 0;
    if (place.kind == PRIORITY)
        return model->source[place.source].priority;
    if (place.kind == THRESHOLD)
        return model->threshold[place.context];
    if (place.kind == CLAIM)
        return claim(model, place.context);
    return gather(model, place);
}

void plic_model_store(struct plic_model *model, uint32_t offset, uint32_t value)
{
    struct place place = place_of(offset);

    if (!is_there(model, place))
        return;
    if (place.kind == PRIORITY)
        model->source[place.source].priority = value % 8;
    if (place.kind == THRESHOLD)
        model->threshold[place.context] = value % 8;
    if (place.kind == CLAIM)
        complete(model, place.context, value);
    for (unsigned bit = 0; bit < 32 && place.kind == ENABLE; bit++) {
        unsigned i = place.source + bit;
        model->enabled[place.context][i] = i > 0 && i < model->sources && (value >> bit) % 2;
    }
}

bool plic_model_interrupts(const struct plic_model *model, unsigned context)
{
    for (unsigned i = 1; i < model->sources; i++)
        if (can_be_claimed(model, context, i) &&
            model->source[i].priority > model->threshold[context])
            return true;
    return false;
}
