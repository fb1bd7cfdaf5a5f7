/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/mmu/gstage.h>

#include "../isa/text.h"

#include <stddef.h>

/* Where columns begin, but for the first; and a line, with its terminator. */
enum column {
    COLUMN_HPA = 17,
    COLUMN_SIZE = 34,
    COLUMN_ATTR = 51,
    COLUMN_PAGE = 60,
    COLUMN_PBMT = 65,
    COLUMN_RSW = 70,
    LINE_SIZE = 80,
};

static const char *const head[] = {
    "gpa              hpa              size             attr     page pbmt rsw",
    "---------------- ---------------- ---------------- -------- ---- ---- ---",
};

static const char *const pbmts[] = {"-", "nc", "io", "?"};

/* In the order of the bits, R first. */
static const char attributes[] = "rwxugad";

static const char *name_of_size(uint32_t shift)
{
    static const char *const names[HVRV_LEVELS_MAX] = {"4K", "2M", "1G", "512G", "256T"};
    return shift == HVRV_NAPOT_SHIFT ? "64K" : names[(shift - HVRV_PAGE_SHIFT) / 9];
}

static void put_attributes(struct hvrv_text *text, uint64_t bits)
{
    uint64_t bit = HVRV_PTE_R;
    for (const char *name = attributes; *name; name++, bit <<= 1) {
        char letter = '-';
        if (bits & bit)
            letter = *name;
        hvrv_text_char(text, letter);
    }
    if (!(bits & HVRV_PTE_V))
        hvrv_text_char(text, '!');
}

static void begin(struct hvrv_gstage_print_request *print)
{
    for (size_t i = 0; i < sizeof(head) / sizeof(head[0]) && !print->has_begun; i++)
        print->line(print->context, head[i]);
    print->has_begun = true;
}

static bool print_run(void *context, const struct hvrv_gstage_run *run)
{
    struct hvrv_gstage_print_request *print = context;
    const hvrv_pte pte = {run->bits};
    char line[LINE_SIZE];
    struct hvrv_text text = hvrv_text_init(line, sizeof(line));
    begin(print);
    hvrv_text_hex16(&text, run->gpa.v);
    hvrv_text_pad(&text, COLUMN_HPA);
    hvrv_text_hex16(&text, run->hpa.v);
    hvrv_text_pad(&text, COLUMN_SIZE);
    hvrv_text_hex16(&text, run->size);
    hvrv_text_pad(&text, COLUMN_ATTR);
    put_attributes(&text, run->bits);
    hvrv_text_pad(&text, COLUMN_PAGE);
    hvrv_text_string(&text, name_of_size(run->shift));
    hvrv_text_pad(&text, COLUMN_PBMT);
    hvrv_text_string(&text, pbmts[hvrv_pte_pbmt(pte)]);
    hvrv_text_pad(&text, COLUMN_RSW);
    hvrv_text_decimal(&text, hvrv_pte_rsw(pte));
    print->line(print->context, line);
    return true;
}

enum hvrv_status hvrv_gstage_print(const struct hvrv_gstage *gstage,
                                   struct hvrv_gstage_print_request *print)
{
    if (!gstage || !print || !print->line)
        return HVRV_ERR_NULL;
    struct hvrv_gstage_visit_request visit = {
        .range = print->range, .see = print_run, .context = print, .run = print->run};
    enum hvrv_status status = hvrv_gstage_visit(gstage, &visit);
    print->range = visit.range;
    print->run = visit.run;
    if (status == HVRV_OK)
        begin(print);
    return status;
}
