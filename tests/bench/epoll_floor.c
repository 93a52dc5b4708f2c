// The floor: what a client in bare C with one epoll loop does, and nothing more. Each fetch takes the next source
// address, connects, sends the bytes of a phone's request, reads the answer to its end, and sends three datagrams
// of the sizes of a phone's syslog lines. It parses nothing but the length of the first answer, applies nothing,
// keeps nothing.
//
//   epoll_floor PORT REQUEST-FILE ADDRESSES CONNECTIONS SECONDS SYSLOG-PORT [SIZE]...
//
// Prints "begin" when it is warm, then "count=N seconds=S cpu=S failed=N".

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { maxConnections = 1024, maxSizes = 8, maxRequest = 4096, maxAnswer = 65536 };

struct connection {
    int descriptor;
    size_t got;
};

static struct connection connections[maxConnections];
static char request[maxRequest];
static size_t requestSize;
static size_t answerSize;  // of every answer; 0: not known yet, then the close ends it
static struct sockaddr_in server;
static struct sockaddr_in syslogServer;
static int syslogSocket;
static size_t sizes[maxSizes];
static int sizeCount;
static uint32_t addresses;
static uint32_t nextAddress;
static long count;
static long failed;
static int loop;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double cpu(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void die(const char* what)
{
    fprintf(stderr, "epoll_floor: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void begin(uint32_t place)
{
    struct connection* const c = &connections[place];
    c->got = 0;
    c->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->descriptor < 0)
        die("socket");
    const int on = 1;
    setsockopt(c->descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    struct sockaddr_in own = {.sin_family = AF_INET};
    own.sin_addr.s_addr = htonl(0x7f4e0001u + nextAddress);
    nextAddress = nextAddress + 1 < addresses ? nextAddress + 1 : 0;
    if (bind(c->descriptor, (const struct sockaddr*)&own, sizeof own) != 0)
        die("bind");
    if (connect(c->descriptor, (const struct sockaddr*)&server, sizeof server) != 0 && errno != EINPROGRESS)
        die("connect");
    // Over loopback the connection stands by now, unless the server's queue is full.
    const ssize_t sent = send(c->descriptor, request, requestSize, MSG_NOSIGNAL);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = place};
    if (sent < 0)
        event.events |= EPOLLOUT;
    if (epoll_ctl(loop, EPOLL_CTL_ADD, c->descriptor, &event) != 0)
        die("epoll_ctl");
}

static void finish(uint32_t place, int good)
{
    static const char line[2048];
    close(connections[place].descriptor);
    for (int i = 0; i < sizeCount; ++i)
        sendto(syslogSocket, line, sizes[i], MSG_NOSIGNAL, (const struct sockaddr*)&syslogServer,
               sizeof syslogServer);
    if (good)
        ++count;
    else
        ++failed;
    begin(place);
}

// Learns from the first answer how long all of them are.
static void learn(const char* answer, size_t size)
{
    const char* const field = memmem(answer, size, "Content-Length: ", 16);
    const char* const end = memmem(answer, size, "\r\n\r\n", 4);
    if (field != NULL && end != NULL)
        answerSize = (size_t)(end + 4 - answer) + strtoul(field + 16, NULL, 10);
}

static void ready(uint32_t place, uint32_t events)
{
    static char buffer[maxAnswer];
    struct connection* const c = &connections[place];
    if (events & EPOLLOUT) {
        if (send(c->descriptor, request, requestSize, MSG_NOSIGNAL) < 0) {
            finish(place, 0);
            return;
        }
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = place};
        epoll_ctl(loop, EPOLL_CTL_MOD, c->descriptor, &event);
        return;
    }
    const ssize_t got = recv(c->descriptor, buffer, sizeof buffer, 0);
    if (got < 0) {
        if (errno != EAGAIN)
            finish(place, 0);
        return;
    }
    if (answerSize == 0)
        learn(buffer, (size_t)got);
    c->got += (size_t)got;
    if (got == 0 || c->got >= answerSize)
        finish(place, c->got == answerSize);
}

int main(int argc, char** argv)
{
    if (argc < 7 || argc > 7 + maxSizes) {
        fprintf(stderr,
                "usage: epoll_floor PORT REQUEST-FILE ADDRESSES CONNECTIONS SECONDS SYSLOG-PORT [SIZE]...\n");
        return 2;
    }
    server.sin_family = syslogServer.sin_family = AF_INET;
    server.sin_addr.s_addr = syslogServer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server.sin_port = htons((uint16_t)atoi(argv[1]));
    FILE* const file = fopen(argv[2], "rb");
    if (file == NULL)
        die(argv[2]);
    requestSize = fread(request, 1, sizeof request, file);
    fclose(file);
    addresses = (uint32_t)atoi(argv[3]);
    const uint32_t width =
        (uint32_t)atoi(argv[4]) < maxConnections ? (uint32_t)atoi(argv[4]) : maxConnections;
    const double seconds = atof(argv[5]);
    syslogServer.sin_port = htons((uint16_t)atoi(argv[6]));
    for (int i = 7; i < argc; ++i)
        sizes[sizeCount++] = (size_t)atoi(argv[i]) < 2048 ? (size_t)atoi(argv[i]) : 2048;
    syslogSocket = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    loop = epoll_create1(EPOLL_CLOEXEC);
    if (syslogSocket < 0 || loop < 0)
        die("socket");
    for (uint32_t i = 0; i < width; ++i)
        begin(i);

    const double warm = now() + 0.2;
    double from = 0;
    double cpuFrom = 0;
    long countFrom = 0;
    for (;;) {
        struct epoll_event events[64];
        const int n = epoll_wait(loop, events, 64, 1000);
        for (int i = 0; i < n; ++i)
            ready(events[i].data.u32, events[i].events);
        const double at = now();
        if (from == 0 && at >= warm) {
            from = at;
            cpuFrom = cpu();
            countFrom = count;
            puts("begin");
            fflush(stdout);
        } else if (from != 0 && at >= from + seconds) {
            printf("count=%ld seconds=%.6f cpu=%.6f failed=%ld\n", count - countFrom, at - from,
                   cpu() - cpuFrom, failed);
            return 0;
        }
    }
}
