/* SPDX-License-Identifier: BSD-2-Clause */
/* The TVM's measurement, computed from its image as the guide's page tvm says. */
#include <string.h>

#include "hash.h"
#include "host.h"

/* One step of the chain. */
static void extend(uint8_t *chain, const char *tag, const uint64_t *numbers, const void *content)
{
    uint8_t old[48];
    const struct hvrv_tvm_bytes pieces[] = {{old, 48}, {tag, 8}, {numbers, 16}, {content, 4096}};

    memcpy(old, chain, sizeof(old));
    hash_sha384(NULL, pieces, content ? 4 : 3, chain);
}

void measure(char *text)
{
    uint8_t chain[48] = {0};
    uint64_t size = (uint64_t)(tvm_image_end - tvm_image);

    for (uint64_t at = 0; at < size; at += PAGE)
        extend(chain, "HVRVPAGE", (const uint64_t[2]){GPA_RAM + at, 12}, tvm_image + at);
    extend(chain, "HVRVHART", (const uint64_t[2]){0, 0}, NULL);
    extend(chain, "HVRVMAIN", (const uint64_t[2]){GPA_RAM, TVM_ARGUMENT}, NULL);
    for (unsigned i = 0; i < sizeof(chain); i++)
        sprintf(text + 2 * i, "%02x", chain[i]);
}
