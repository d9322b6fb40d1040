/*
 * libibverbs and librdmacm in one, with one device that has no wire: connecting succeeds at once, what is posted is done at
 * once, and the peer is played here. It answers each heartbeat as STUB_ANSWER says ("message", of no bytes; "credit", of
 * nothing new), STUB_ANSWERS times, and never sends a heartbeat of its own: its process writes, and nothing else is seen of it.
 * With STUB_MODIFY_ERRNO queue pairs cannot be modified. For one connection of one process; the callers' locks are relied upon.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <infiniband/verbs.h>
#include <pthread.h>
#include <rdma/rdma_cma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#undef ibv_query_port
#undef ibv_reg_mr

enum { ENTRIES = 1024, EVENTS = 16, PEER_CONTROL = 4096, BEAT_BYTES = 16 };

static struct ibv_device device = {.transport_type = IBV_TRANSPORT_IB, .name = "stub0"};
static struct ibv_context context;
static struct ibv_wc completions[ENTRIES];
static unsigned made, taken;
static uint64_t receives[ENTRIES];
static unsigned posted, used;
static int broken;
static long answers, unanswered;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct rdma_cm_event events[EVENTS];
static unsigned happened, told;

/* As Hello has it: a ring of 64 KiB, four reads, a detection time of 1024 ms, id 1, key 7, the address of the control block. */
static const uint8_t hello[24] = {'S', 'L', 'R', 2, 0, 16, 4, 10, 1, 0, 0, 0, 7, 0, 0, 0, 0, PEER_CONTROL >> 8};

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

static void complete(uint64_t id, int receive, uint32_t imm) {
    struct ibv_wc *wc = &completions[made++ % ENTRIES];
    memset(wc, 0, sizeof *wc);
    wc->wr_id = id;
    wc->status = broken ? IBV_WC_WR_FLUSH_ERR : IBV_WC_SUCCESS;
    wc->opcode = receive ? IBV_WC_RECV_RDMA_WITH_IMM : IBV_WC_RDMA_WRITE;
    wc->wc_flags = receive ? IBV_WC_WITH_IMM : 0;
    wc->imm_data = htonl(imm);
}

static void heard_beat(void) {
    const char *kind = getenv("STUB_ANSWER");
    if (kind && answers < number("STUB_ANSWERS") && used != posted) {
        answers++;
        complete(receives[used++ % ENTRIES], 1, strcmp(kind, "credit") ? 1u << 24 : 1u << 31);
    } else {
        unanswered++;
    }
}

__attribute__((destructor)) static void report(void) {
    printf("heartbeats answered: %ld, then not answered: %ld\n", answers, unanswered);
}

static int post_send(struct ibv_qp *qp, struct ibv_send_wr *wr, struct ibv_send_wr **bad) {
    (void) qp, (void) bad;
    for (; wr; wr = wr->next) {
        if (broken || wr->send_flags & IBV_SEND_SIGNALED) complete(wr->wr_id, 0, 0);
        if (wr->opcode == IBV_WR_RDMA_WRITE && wr->wr.rdma.remote_addr == PEER_CONTROL && wr->num_sge == 1
            && wr->sg_list->length == BEAT_BYTES)
            heard_beat();
    }
    return 0;
}

static int post_recv(struct ibv_qp *qp, struct ibv_recv_wr *wr, struct ibv_recv_wr **bad) {
    (void) qp, (void) bad;
    for (; wr; wr = wr->next) receives[posted++ % ENTRIES] = wr->wr_id;
    return 0;
}

static int poll_cq(struct ibv_cq *cq, int entries, struct ibv_wc *wc) {
    (void) cq;
    int n = 0;
    while (n < entries && taken != made) wc[n++] = completions[taken++ % ENTRIES];
    return n;
}

static int req_notify_cq(struct ibv_cq *cq, int solicited) {
    (void) cq, (void) solicited;
    return 0;
}

struct ibv_context **rdma_get_devices(int *count) {
    static struct ibv_context *list[2] = {&context};
    if (!context.device) {
        context.device = &device;
        context.ops.poll_cq = poll_cq;
        context.ops.req_notify_cq = req_notify_cq;
        context.ops.post_send = post_send;
        context.ops.post_recv = post_recv;
        context.async_fd = eventfd(0, EFD_CLOEXEC);
        context.num_comp_vectors = 1;
    }
    *count = 1;
    return list;
}

const char *ibv_get_device_name(struct ibv_device *of) { return of->name; }

int ibv_query_device(struct ibv_context *of, struct ibv_device_attr *to) {
    (void) of;
    memset(to, 0, sizeof *to);
    to->phys_port_cnt = 1;
    to->max_cqe = ENTRIES;
    to->max_qp_rd_atom = to->max_qp_init_rd_atom = 4;
    return 0;
}

int ibv_query_port(struct ibv_context *of, uint8_t port, struct _compat_ibv_port_attr *out) {
    (void) of, (void) port;
    struct ibv_port_attr *to = (struct ibv_port_attr *) out;
    to->state = IBV_PORT_ACTIVE;
    to->max_msg_sz = 1 << 30;
    return 0;
}

struct ibv_pd *ibv_alloc_pd(struct ibv_context *of) {
    struct ibv_pd *made_pd = calloc(1, sizeof *made_pd);
    made_pd->context = of;
    return made_pd;
}

int ibv_dealloc_pd(struct ibv_pd *pd) {
    free(pd);
    return 0;
}

struct ibv_mr *ibv_reg_mr(struct ibv_pd *pd, void *address, size_t length, int access) {
    (void) access;
    struct ibv_mr *mr = calloc(1, sizeof *mr);
    mr->context = pd->context;
    mr->pd = pd;
    mr->addr = address;
    mr->length = length;
    return mr;
}

int ibv_dereg_mr(struct ibv_mr *mr) {
    free(mr);
    return 0;
}

struct ibv_comp_channel *ibv_create_comp_channel(struct ibv_context *of) {
    struct ibv_comp_channel *channel = calloc(1, sizeof *channel);
    channel->context = of;
    channel->fd = eventfd(0, EFD_CLOEXEC);
    return channel;
}

int ibv_destroy_comp_channel(struct ibv_comp_channel *channel) {
    close(channel->fd);
    free(channel);
    return 0;
}

struct ibv_cq *ibv_create_cq(struct ibv_context *of, int entries, void *user, struct ibv_comp_channel *channel, int vector) {
    (void) user, (void) vector;
    struct ibv_cq *cq = calloc(1, sizeof *cq);
    cq->context = of;
    cq->channel = channel;
    cq->cqe = entries;
    return cq;
}

int ibv_destroy_cq(struct ibv_cq *cq) {
    free(cq);
    return 0;
}

int ibv_get_cq_event(struct ibv_comp_channel *channel, struct ibv_cq **cq, void **user) {
    (void) channel, (void) cq, (void) user;
    return -1;
}

void ibv_ack_cq_events(struct ibv_cq *cq, unsigned count) { (void) cq, (void) count; }

int ibv_modify_qp(struct ibv_qp *qp, struct ibv_qp_attr *attributes, int mask) {
    (void) qp;
    if (mask & IBV_QP_STATE && attributes->qp_state == IBV_QPS_ERR) {
        broken = 1;
        while (used != posted) complete(receives[used++ % ENTRIES], 1, 0);
        return 0;
    }
    return (int) number("STUB_MODIFY_ERRNO");
}

struct rdma_event_channel *rdma_create_event_channel(void) {
    struct rdma_event_channel *channel = calloc(1, sizeof *channel);
    channel->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
    return channel;
}

void rdma_destroy_event_channel(struct rdma_event_channel *channel) {
    close(channel->fd);
    free(channel);
}

static int happens(struct rdma_cm_id *id, enum rdma_cm_event_type type) {
    pthread_mutex_lock(&lock);
    struct rdma_cm_event *event = &events[happened++ % EVENTS];
    memset(event, 0, sizeof *event);
    event->id = id;
    event->event = type;
    if (type == RDMA_CM_EVENT_ESTABLISHED) {
        event->param.conn.private_data = hello;
        event->param.conn.private_data_len = sizeof hello;
    }
    pthread_mutex_unlock(&lock);
    return eventfd_write(id->channel->fd, 1);
}

int rdma_get_cm_event(struct rdma_event_channel *channel, struct rdma_cm_event **event) {
    eventfd_t one;
    if (eventfd_read(channel->fd, &one)) return -1;
    pthread_mutex_lock(&lock);
    *event = &events[told++ % EVENTS];
    pthread_mutex_unlock(&lock);
    return 0;
}

int rdma_ack_cm_event(struct rdma_cm_event *event) {
    (void) event;
    return 0;
}

int rdma_create_id(struct rdma_event_channel *channel, struct rdma_cm_id **id, void *user, enum rdma_port_space space) {
    *id = calloc(1, sizeof **id);
    (*id)->channel = channel;
    (*id)->context = user;
    (*id)->ps = space;
    return 0;
}

int rdma_destroy_id(struct rdma_cm_id *id) {
    free(id);
    return 0;
}

int rdma_resolve_addr(struct rdma_cm_id *id, struct sockaddr *from, struct sockaddr *to, int timeout) {
    (void) from, (void) to, (void) timeout;
    id->verbs = &context;
    id->port_num = 1;
    return happens(id, RDMA_CM_EVENT_ADDR_RESOLVED);
}

int rdma_resolve_route(struct rdma_cm_id *id, int timeout) {
    (void) timeout;
    return happens(id, RDMA_CM_EVENT_ROUTE_RESOLVED);
}

int rdma_connect(struct rdma_cm_id *id, struct rdma_conn_param *with) {
    (void) with;
    return happens(id, RDMA_CM_EVENT_ESTABLISHED);
}

int rdma_disconnect(struct rdma_cm_id *id) {
    (void) id;
    return 0;
}

int rdma_set_option(struct rdma_cm_id *id, int level, int option, void *value, size_t length) {
    (void) id, (void) level, (void) option, (void) value, (void) length;
    return 0;
}

int rdma_create_qp(struct rdma_cm_id *id, struct ibv_pd *pd, struct ibv_qp_init_attr *with) {
    struct ibv_qp *qp = calloc(1, sizeof *qp);
    qp->context = pd->context;
    qp->pd = pd;
    qp->send_cq = with->send_cq;
    qp->recv_cq = with->recv_cq;
    qp->qp_type = with->qp_type;
    id->qp = qp;
    return 0;
}

void rdma_destroy_qp(struct rdma_cm_id *id) {
    free(id->qp);
    id->qp = NULL;
}

/* What else is looked up; an end that dials calls none of it. */
void absent(void) { abort(); }
#define ABSENT(name) __asm__(".globl " #name "\n.set " #name ", absent");
ABSENT(ibv_get_device_list)
ABSENT(ibv_free_device_list)
ABSENT(ibv_open_device)
ABSENT(ibv_close_device)
ABSENT(_ibv_query_gid_table)
ABSENT(ibv_create_srq)
ABSENT(ibv_modify_srq)
ABSENT(ibv_destroy_srq)
ABSENT(ibv_query_qp)
ABSENT(ibv_get_async_event)
ABSENT(ibv_ack_async_event)
ABSENT(ibv_wc_status_str)
ABSENT(ibv_event_type_str)
ABSENT(rdma_bind_addr)
ABSENT(rdma_listen)
ABSENT(rdma_accept)
ABSENT(rdma_reject)
