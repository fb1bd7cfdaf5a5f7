/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-384, BearSSL's. */
#include <bearssl_hash.h>

#include "hash.h"

void hash_sha384(void *context, const struct hvrv_tvm_bytes *pieces, uint32_t count,
                 uint8_t *digest)
{
    br_sha384_context sha;

    (void)context;
    br_sha384_init(&sha);
    for (uint32_t i = 0; i < count; i++)
        br_sha384_update(&sha, pieces[i].bytes, pieces[i].size);
    br_sha384_out(&sha, digest);
}
