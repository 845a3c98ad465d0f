from hemei.people.urls import account, neighbourhood

app_name = "people"
urlpatterns = account.urlpatterns + neighbourhood.urlpatterns
