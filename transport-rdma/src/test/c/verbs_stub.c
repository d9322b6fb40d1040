/*
 * A device that moves nothing: post_send copies a request into a ring as an adapter's driver would and, if it is signalled,
 * makes its completion; poll_cq hands the completions out, each of which frees the requests up to its own. It measures what a caller adds to a post and a poll, and the loop at the
 * end is the caller that adds nothing. It needs no header, so the layouts here are the test's second opinion.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

struct sge { uint64_t addr; uint32_t length, lkey; };
struct send_wr {
    uint64_t wr_id; struct send_wr *next; struct sge *sg_list; int32_t num_sge, opcode; uint32_t send_flags, imm;
    uint64_t remote_addr; uint32_t rkey, pad; uint64_t rest[9];
};
struct wc {
    uint64_t wr_id; int32_t status, opcode; uint32_t vendor_err, byte_len, imm, qp_num, src_qp, flags;
    uint16_t pkey_index, slid; uint8_t sl, dlid_path_bits;
};
_Static_assert(sizeof(struct send_wr) == 128 && sizeof(struct wc) == 48, "as in infiniband/verbs.h");

enum { ENTRIES = 256, SIGNALED = 2 };
struct wqe { uint64_t id, remote, local; uint32_t rkey, length, lkey, opcode; };
struct queue {
    uint64_t head, tail, made, taken;
    struct wqe wqes[ENTRIES];
    struct wc completions[ENTRIES];
    uint64_t ends[ENTRIES];
};

void *stub_open(void) { return calloc(1, sizeof(struct queue)); }

int stub_post_send(void *qp, struct send_wr *wr, struct send_wr **bad) {
    struct queue *q = qp;
    for (; wr; wr = wr->next) {
        if (q->head - q->tail == ENTRIES) { *bad = wr; return 12; }
        struct wqe *wqe = &q->wqes[q->head % ENTRIES];
        wqe->id = wr->wr_id;
        wqe->remote = wr->remote_addr;
        wqe->rkey = wr->rkey;
        wqe->opcode = (uint32_t) wr->opcode;
        wqe->local = wr->sg_list->addr;
        wqe->length = wr->sg_list->length;
        wqe->lkey = wr->sg_list->lkey;
        q->head++;
        if (!(wr->send_flags & SIGNALED)) continue;
        struct wc *wc = &q->completions[q->made % ENTRIES];
        wc->wr_id = wr->wr_id;
        wc->status = 0;
        wc->opcode = 1;
        wc->byte_len = wqe->length;
        wc->qp_num = 17;
        q->ends[q->made++ % ENTRIES] = q->head;
    }
    return 0;
}

int stub_poll_cq(void *cq, int entries, struct wc *wc) {
    struct queue *q = cq;
    int n = 0;
    while (n < entries && q->taken != q->made) {
        q->tail = q->ends[q->taken % ENTRIES];
        wc[n++] = q->completions[q->taken++ % ENTRIES];
    }
    return n;
}

/* Nanoseconds for pairs of a post of batch requests and polls until all have completed, calling as C does, by pointer. */
int64_t stub_loop(void *q, int64_t pairs, int32_t batch) {
    int (*volatile post)(void *, struct send_wr *, struct send_wr **) = stub_post_send;
    int (*volatile poll)(void *, int, struct wc *) = stub_poll_cq;
    static struct send_wr wrs[64];
    static struct sge sges[64];
    static struct wc wcs[64];
    struct send_wr *bad;
    struct timespec a, b;
    uint64_t sum = 0;
    clock_gettime(CLOCK_MONOTONIC, &a);
    for (int64_t i = 0; i < pairs; i++) {
        for (int j = 0; j < batch; j++) {
            wrs[j].wr_id = (uint64_t) (i + j);
            wrs[j].next = j + 1 < batch ? &wrs[j + 1] : NULL;
            wrs[j].sg_list = &sges[j];
            wrs[j].num_sge = 1;
            wrs[j].opcode = 0;
            wrs[j].send_flags = SIGNALED;
            wrs[j].remote_addr = 4096 + (uint64_t) i;
            wrs[j].rkey = 7;
            sges[j].addr = 8192 + (uint64_t) i;
            sges[j].length = 64;
            sges[j].lkey = 9;
        }
        if (post(q, wrs, &bad)) return -1;
        for (int done = 0; done < batch;) {
            int n = poll(q, 16, wcs);
            for (int j = 0; j < n; j++) {
                if (wcs[j].status) return -1;
                sum += wcs[j].wr_id;
            }
            done += n;
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &b);
    *(volatile uint64_t *) &sum;
    return (b.tv_sec - a.tv_sec) * 1000000000L + b.tv_nsec - a.tv_nsec;
}
